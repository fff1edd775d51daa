// Finding exchanges by person (pseudonyms.md §11.3): from a subject to the exchanges in which we
// asked about it, were asked about it, or sent it as a pseudonym. The name of an entry is an HMAC
// under a key of this edge over kind and number; the content is encrypted. Nothing of it leaves.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/sealed_folder.h"
#include "lib/sealing/subject.h"
#include "sluis/edge/v1/store.pb.h"

namespace sluis::edge {

inline constexpr char kPartAsked[] = "asked";
inline constexpr char kPartAnswered[] = "answered";
inline constexpr char kPartSent[] = "sent";

// Safe between processes.
class SubjectIndex {
 public:
  explicit SubjectIndex(SealedFolder folder) : folder_(std::move(folder)) {}
  // The same exchange, part and item again changes nothing. `item` is zeros unless sent.
  absl::Status Note(const Subject& subject, const std::string& exchange, const std::string& part,
                    const Digest& item, absl::Time time) const;
  // Oldest first; empty if the subject never passed here.
  absl::StatusOr<std::vector<v1::Trace>> Find(const Subject& subject) const;

 private:
  std::string NameOf(const Subject& subject) const;
  SealedFolder folder_;
};

}  // namespace sluis::edge
