// A log read from outside, over HTTP or out of a folder, for `sluis log verify` (log.md A2-A4,
// B10). Every answer is bounded by what the file asked for can be; nothing that comes from the
// other side is believed here, that is the verifier's work.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/tlog/log_verifier.h"

namespace sluis::edge {

// Files of a log by path. A partial tile or bundle that is gone is cut from the full one. Not
// thread-safe.
class PathLogSource : public tlog::LogSource {
 public:
  absl::StatusOr<Bytes> ReadCheckpoint() override;
  absl::StatusOr<Bytes> ReadTile(const tlog::TileId& id) override;
  absl::StatusOr<Bytes> ReadBundle(const tlog::BundleId& id) override;

 private:
  // NOT_FOUND when the log does not serve it, DATA_LOSS / LOG_INCONSISTENT when it is larger than
  // `max_bytes`.
  virtual absl::StatusOr<Bytes> Fetch(const std::string& path, std::size_t max_bytes) = 0;
};

// `checkpoint` and `tile/...` below a folder, as a log serves them. Not thread-safe.
class FolderLogSource : public PathLogSource {
 public:
  // NOT_FOUND / FILE_NOT_FOUND unless `folder` is one.
  static absl::StatusOr<std::unique_ptr<FolderLogSource>> Open(std::filesystem::path folder);

 private:
  explicit FolderLogSource(std::filesystem::path folder) : folder_(std::move(folder)) {}
  absl::StatusOr<Bytes> Fetch(const std::string& path, std::size_t max_bytes) override;

  const std::filesystem::path folder_;
};

struct HttpLogOptions {
  // `http://` or `https://host[:port][/prefix]`, without trailing slash: checkpoint and tiles.
  std::string log_url = {};
  // The same, `https` only: entry bundles. Empty: bundles are not asked for.
  std::string bundle_url = {};
  std::filesystem::path server_authorities = {};              // PEM, for https
  std::filesystem::path certificate_chain = {}, private_key = {};  // PEM of the client, for bundles
  // A fresh person assertion for each bundle, and what the log is used for (`LAWFULNESS_CHECK`,
  // ...).
  std::function<absl::StatusOr<std::string>()> assertion = {};
  std::string use = {};
  absl::Duration timeout = absl::Seconds(10);  // for each request, connecting included
};

class HttpClient;

// Keeps one connection for each of the two addresses. Redirects are not followed. Errors: NOT_FOUND
// for 404, the server's own reason for 401, 403, 429 and 503, else UNAVAILABLE / LOG_UNREACHABLE
// with metadata `cause`: `resolve`, `connect`, `tls`, `timeout`, `transfer`, `status` or
// `encoding`. Not thread-safe.
class HttpLogSource : public PathLogSource {
 public:
  // INVALID_ARGUMENT naming the option; the errors of lib/base/file.h and lib/crypto/key_file.h for
  // its files.
  static absl::StatusOr<std::unique_ptr<HttpLogSource>> Create(HttpLogOptions options);
  ~HttpLogSource() override;

 private:
  HttpLogSource(HttpLogOptions options, std::unique_ptr<HttpClient> log,
                std::unique_ptr<HttpClient> bundles);
  absl::StatusOr<Bytes> Fetch(const std::string& path, std::size_t max_bytes) override;

  const HttpLogOptions options_;
  const std::unique_ptr<HttpClient> log_;
  const std::unique_ptr<HttpClient> bundles_;  // null without bundle_url
};

}  // namespace sluis::edge
