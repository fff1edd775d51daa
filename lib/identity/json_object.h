// A strict reader of one JSON object of a signed document: every member is typed, bounded and taken
// once, and Finish() refuses those that nobody took. Errors are INVALID_ARGUMENT / FIELD_INVALID
// that name the member by its path, such as `partners[2].units[0].signing`.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/json.h"

namespace sluis::identity {

// Reads from a value that must outlive it. Not thread-safe.
class JsonObject {
 public:
  // `path` is "" for the outermost value.
  static absl::StatusOr<JsonObject> Of(const Json& value, std::string path);

  bool Has(std::string_view name) const;
  absl::StatusOr<std::string> Text(std::string_view name, std::size_t max_bytes);  // never empty
  absl::StatusOr<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max);
  absl::StatusOr<bool> Boolean(std::string_view name);
  absl::StatusOr<absl::Time> UnixTime(std::string_view name);  // whole seconds since 1970
  absl::StatusOr<Bytes> Base64(std::string_view name, std::size_t size);
  absl::StatusOr<JsonObject> Object(std::string_view name);
  // The objects of an array of `min` to `max` items.
  absl::StatusOr<std::vector<JsonObject>> Objects(std::string_view name, std::size_t min,
                                                  std::size_t max);
  // The texts of an array, without duplicates.
  absl::StatusOr<std::set<std::string>> Texts(std::string_view name, std::size_t min,
                                              std::size_t max);

  // A text that `parse` turns into a value: `object.Parsed("oin", Oin::Parse)`.
  template <typename T>
  absl::StatusOr<T> Parsed(std::string_view name, absl::StatusOr<T> (*parse)(std::string_view));
  template <typename T>
  absl::StatusOr<std::set<T>> ParsedSet(std::string_view name, std::size_t min, std::size_t max,
                                        absl::StatusOr<T> (*parse)(std::string_view));

  absl::Status Bad(std::string_view name, std::string_view description) const;
  absl::Status Finish() const;

 private:
  JsonObject(const Json& value, std::string path) : value_(&value), path_(std::move(path)) {}
  absl::StatusOr<const Json*> Take(std::string_view name);
  absl::StatusOr<const Json*> TakeArray(std::string_view name, std::size_t min, std::size_t max);
  std::string PathOf(std::string_view name) const;

  const Json* value_;
  std::string path_;
  std::set<std::string, std::less<>> taken_;
};

// A code of the vocabulary or a user-chosen id (IsResourceId), as it stands.
absl::StatusOr<std::string> ParseCode(std::string_view text);
// SHA-256 as 64 lower-case hex characters.
absl::StatusOr<Digest> ParseDigest(std::string_view hex);

inline constexpr std::size_t kMaxText = 4096;

template <typename T>
absl::StatusOr<T> JsonObject::Parsed(std::string_view name,
                                     absl::StatusOr<T> (*parse)(std::string_view)) {
  auto text = Text(name, kMaxText);
  if (!text.ok()) return text.status();
  absl::StatusOr<T> value = parse(*text);
  if (!value.ok()) return Bad(name, std::string(value.status().message()));
  return value;
}

template <typename T>
absl::StatusOr<std::set<T>> JsonObject::ParsedSet(std::string_view name, std::size_t min,
                                                  std::size_t max,
                                                  absl::StatusOr<T> (*parse)(std::string_view)) {
  auto texts = Texts(name, min, max);
  if (!texts.ok()) return texts.status();
  std::set<T> values;
  for (const std::string& text : *texts) {
    absl::StatusOr<T> value = parse(text);
    if (!value.ok()) return Bad(name, std::string(value.status().message()));
    values.insert(*std::move(value));
  }
  return values;
}

}  // namespace sluis::identity
