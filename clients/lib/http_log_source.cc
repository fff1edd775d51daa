#include "clients/lib/http_log_source.h"

#include "absl/strings/str_format.h"
#include "clients/lib/http_client.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/tlog/tile.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kHashSize = 32;
constexpr std::size_t kMaxNote = 64 << 10;
constexpr std::size_t kMaxEntry = 2 + 65535;
constexpr std::size_t kMaxProblem = 16 << 10;
constexpr std::size_t kMaxPem = 256 << 10;
constexpr std::size_t kMaxReason = 63;
constexpr std::string_view kEntries = "tile/entries/";

absl::Status TooLarge(const std::string& path) {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               absl::StrFormat("%s: is larger than such a file can be", path), {{"file", path}});
}

absl::Status NotServed(const std::string& path) {
  return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND",
               absl::StrFormat("the log does not serve %s", path), {{"file", path}});
}

absl::StatusOr<Bytes> FirstEntries(Bytes bundle, int width) {
  tlog::BundleReader reader(bundle);
  for (int i = 0; i < width; ++i) SLUIS_RETURN_IF_ERROR(reader.Next().status());
  bundle.resize(reader.offset());
  return bundle;
}

// Only a word that can be a reason is repeated: the rest of an answer is somebody else's text.
std::string ReasonIn(const Bytes& body) {
  const auto problem = ParseJsonStrict(body, {kMaxProblem, 4});
  if (!problem.ok() || !problem->is_object() || !problem->contains("reason")) return "";
  const Json& reason = (*problem)["reason"];
  if (!reason.is_string()) return "";
  const std::string text = reason.get<std::string>();
  const bool good =
      !text.empty() && text.size() <= kMaxReason &&
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  return good ? text : "";
}

absl::Status StatusOf(const HttpAnswer& answer, const std::string& path) {
  const std::string reason = ReasonIn(answer.body);
  const auto refused = [&](ErrorCode code, std::string_view otherwise) {
    return Error(code, reason.empty() ? otherwise : std::string_view(reason),
                 absl::StrFormat("the log refuses %s with status %d", path, answer.status),
                 {{"file", path}});
  };
  switch (answer.status) {
    case 401:
      return refused(ErrorCode::kUnauthenticated, "ASSERTION_INVALID");
    case 403:
      return refused(ErrorCode::kDenied, "METHOD_NOT_ALLOWED");
    case 404:
      return NotServed(path);
    case 429:
      return refused(ErrorCode::kExhausted, "RATE_LIMITED");
    case 503:
      return refused(ErrorCode::kUnavailable, "LOG_UNAVAILABLE");
    default:
      break;
  }
  return Error(ErrorCode::kUnavailable, "LOG_UNREACHABLE",
               absl::StrFormat("the log answers %s with status %d", path, answer.status),
               {{"cause", "status"}, {"file", path}});
}

absl::StatusOr<HttpUrl> UrlOf(std::string_view option, const std::string& text) {
  auto url = HttpUrl::Parse(text);
  if (url.ok()) return url;
  return InvalidField("FIELD_INVALID", option, MessageOf(url.status()));
}

}  // namespace

absl::StatusOr<Bytes> PathLogSource::ReadCheckpoint() { return Fetch("checkpoint", kMaxNote); }

absl::StatusOr<Bytes> PathLogSource::ReadTile(const tlog::TileId& id) {
  const auto size = static_cast<std::size_t>(id.width) * kHashSize;
  auto hashes = Fetch(tlog::TilePath(id), size);
  if (hashes.ok() || id.full() || !absl::IsNotFound(hashes.status())) return hashes;
  auto full =
      Fetch(tlog::TilePath({id.level, id.index, tlog::kTileWidth}), tlog::kTileWidth * kHashSize);
  if (absl::IsNotFound(full.status())) return hashes;
  if (full.ok() && full->size() == tlog::kTileWidth * kHashSize) full->resize(size);
  return full;
}

absl::StatusOr<Bytes> PathLogSource::ReadBundle(const tlog::BundleId& id) {
  auto bundle = Fetch(tlog::BundlePath(id), static_cast<std::size_t>(id.width) * kMaxEntry);
  if (bundle.ok() || id.width == tlog::kTileWidth || !absl::IsNotFound(bundle.status()))
    return bundle;
  auto full = Fetch(tlog::BundlePath({id.index, tlog::kTileWidth}), tlog::kTileWidth * kMaxEntry);
  if (absl::IsNotFound(full.status())) return bundle;
  if (!full.ok()) return full;
  return FirstEntries(*std::move(full), id.width);
}

absl::StatusOr<std::unique_ptr<FolderLogSource>> FolderLogSource::Open(
    std::filesystem::path folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return Error(ErrorCode::kNotFound, "FILE_NOT_FOUND",
                 "there is no such folder with a log in it");
  }
  return std::unique_ptr<FolderLogSource>(new FolderLogSource(std::move(folder)));
}

absl::StatusOr<Bytes> FolderLogSource::Fetch(const std::string& path, std::size_t max_bytes) {
  auto content = ReadFile(folder_ / path, max_bytes);
  if (absl::IsInvalidArgument(content.status())) return TooLarge(path);
  if (absl::IsNotFound(content.status())) return NotServed(path);
  return content;
}

HttpLogSource::HttpLogSource(HttpLogOptions options, std::unique_ptr<HttpClient> log,
                             std::unique_ptr<HttpClient> bundles)
    : options_(std::move(options)), log_(std::move(log)), bundles_(std::move(bundles)) {}

HttpLogSource::~HttpLogSource() = default;

absl::StatusOr<std::unique_ptr<HttpLogSource>> HttpLogSource::Create(HttpLogOptions options) {
  SLUIS_ASSIGN_OR_RETURN(const HttpUrl log_url, UrlOf("logUrl", options.log_url));
  HttpTls tls;
  if (log_url.tls || !options.bundle_url.empty()) {
    SLUIS_ASSIGN_OR_RETURN(tls.authorities, ReadFile(options.server_authorities, kMaxPem));
  }
  SLUIS_ASSIGN_OR_RETURN(auto log, HttpClient::Create(log_url, tls, options.timeout));
  std::unique_ptr<HttpClient> bundles;
  if (!options.bundle_url.empty()) {
    SLUIS_ASSIGN_OR_RETURN(const HttpUrl url, UrlOf("bundleUrl", options.bundle_url));
    if (!url.tls) return InvalidField("FIELD_INVALID", "bundleUrl", "must begin with https://");
    if (!options.assertion)
      return InvalidField("FIELD_MISSING", "assertion", "bundles need a person assertion");
    SLUIS_ASSIGN_OR_RETURN(tls.certificate_chain, ReadFile(options.certificate_chain, kMaxPem));
    SLUIS_ASSIGN_OR_RETURN(const SecretBytes key, ReadPrivateFile(options.private_key));
    tls.private_key = key.Reveal(SecretAccess::ForCrypto());
    auto client = HttpClient::Create(url, tls, options.timeout);
    WipeBytes(tls.private_key);
    SLUIS_ASSIGN_OR_RETURN(bundles, std::move(client));
  }
  return std::unique_ptr<HttpLogSource>(
      new HttpLogSource(std::move(options), std::move(log), std::move(bundles)));
}

absl::StatusOr<Bytes> HttpLogSource::Fetch(const std::string& path, std::size_t max_bytes) {
  const bool bundle = path.starts_with(kEntries);
  if (bundle && bundles_ == nullptr) {
    return Error(ErrorCode::kPrecondition, "BUNDLE_URL_MISSING",
                 "entries are only shown over the mutual TLS address of the log: give it");
  }
  const auto headers = [&]() -> absl::StatusOr<HttpClient::Headers> {
    if (!bundle) return HttpClient::Headers{};
    SLUIS_ASSIGN_OR_RETURN(const std::string token, options_.assertion());
    return HttpClient::Headers{{"Authorization", "Bearer " + token},
                               {"Sluis-Log-Use", options_.use}};
  };
  // An error needs room for its problem document, whatever the size of the file.
  auto answer =
      (bundle ? *bundles_ : *log_).Get("/" + path, std::max(max_bytes, kMaxProblem), headers);
  if (ReasonOf(answer.status()) == "ANSWER_TOO_LARGE") return TooLarge(path);
  SLUIS_RETURN_IF_ERROR(answer.status());
  if (answer->status != 200) return StatusOf(*answer, path);
  if (!answer->content_encoding.empty() && answer->content_encoding != "identity") {
    return Error(ErrorCode::kUnavailable, "LOG_UNREACHABLE",
                 absl::StrFormat("%s comes compressed, which was not asked for", path),
                 {{"cause", "encoding"}, {"file", path}});
  }
  if (answer->body.size() > max_bytes) return TooLarge(path);
  return std::move(answer->body);
}

}  // namespace sluis::edge
