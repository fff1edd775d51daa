// What was signed and is not yet known to be taken: every act is stored here, durable, before it is
// sent, and repeated byte for byte after a crash. Who runs the same act again after a crash gets
// the stored one with its request_id, so that it happens once.
//
// An entry is locked while its process lives. One that nobody holds was left by a crash or by an
// error after which it is not known whether the broker did the act. The broker knows a request_id
// for seven days (api.md §4); an older entry is not repeated but shown.
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/private_files.h"
#include "lib/base/bytes.h"
#include "lib/base/clock.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"

namespace sluis::edge {

inline constexpr absl::Duration kRequestIdLife = absl::Hours(24 * 7);

// An entry in our hands. Move-only; when it goes without Finish, the entry stays for a next run.
class JournaledAct {
 public:
  const std::string& method() const { return method_; }
  const std::string& request_id() const { return request_id_; }
  const Bytes& request() const { return request_; }
  // It was stored by an earlier run.
  bool repeated() const { return repeated_; }

 private:
  friend class Journal;
  JournaledAct(std::filesystem::path file, FileLock lock)
      : file_(std::move(file)), lock_(std::move(lock)) {}
  std::filesystem::path file_;
  FileLock lock_;
  std::string method_, request_id_;
  Bytes request_;
  bool repeated_ = false;
};

// What waits; for display.
struct WaitingAct {
  std::string method, request_id;
  absl::Time create_time;
};

// Safe between processes; one thread at a time.
class Journal {
 public:
  // `signing` gives the key under which intents are digested: without it an entry does not tell
  // whom a question was about.
  Journal(std::filesystem::path folder, const Ed25519PrivateKey& signing, const Clock& clock);

  using Build = std::function<absl::StatusOr<Bytes>(const std::string& request_id)>;
  // The waiting act of this method, person and intent, or a new one: `build` makes its request
  // under a fresh request_id. FAILED_PRECONDITION / ACT_TOO_OLD for a waiting act that the broker
  // may have forgotten; JOURNAL_DAMAGED naming the file.
  absl::StatusOr<JournaledAct> Begin(std::string_view method, std::string_view person,
                                     std::initializer_list<BytesView> intent, const Build& build);
  // The waiting act of this method and intent, if there is one. ACT_TOO_OLD as above.
  absl::StatusOr<std::optional<JournaledAct>> TakeUp(std::string_view method,
                                                     std::string_view person,
                                                     std::initializer_list<BytesView> intent);
  // It was answered and the answer was taken: forget it.
  absl::Status Finish(JournaledAct act);

  // Acts that no process is busy with, oldest name first.
  absl::StatusOr<std::vector<WaitingAct>> Waiting();
  // Takes one up by its id. NOT_FOUND / ACT_NOT_WAITING.
  absl::StatusOr<JournaledAct> Resume(const std::string& request_id);
  // Gives one up by its id, whatever its age: the person has looked whether it was done.
  absl::Status Discard(const std::string& request_id);

 private:
  struct Entry;
  absl::StatusOr<Entry> Read(const std::filesystem::path& file) const;
  absl::StatusOr<std::vector<Entry>> ReadAll() const;
  absl::StatusOr<std::optional<JournaledAct>> TakeWaiting(std::string_view method,
                                                          BytesView intent);
  absl::StatusOr<std::optional<JournaledAct>> Take(Entry entry) const;
  absl::StatusOr<JournaledAct> Store(std::string_view method, BytesView intent,
                                     const std::string& request_id, Bytes request);
  std::filesystem::path FileOf(std::string_view request_id) const;

  std::filesystem::path folder_;
  SecretBytes intent_key_;
  const Clock& clock_;
};

}  // namespace sluis::edge
