// The TLV strings of pseudonyms.md §4.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis::pseudonym {

enum class Tag : std::uint8_t {
  kVersion = 0x01,
  kEpoch = 0x02,
  kCase = 0x03,
  kOin = 0x04,
  kPurpose = 0x05,
  kOriginKind = 0x06,
  kSession = 0x07,
  kRegister = 0x0A,
  kUnit = 0x0B,
};

// The tag of a salt behind a case domain; in no structure that is decoded.
inline constexpr std::uint8_t kSaltTag = 0x10;

absl::Status TlvError(std::string_view message);

// Is `value` of the form of its tag?
bool IsTlvValue(Tag tag, BytesView value);

// E_TLV unless every value has its form.
absl::StatusOr<Bytes> EncodeTlv(std::initializer_list<std::pair<Tag, BytesView>> fields);

// The values, which view `bytes`, if it holds exactly these tags in this order, each of its form.
absl::StatusOr<std::vector<BytesView>> DecodeTlv(BytesView bytes, std::span<const Tag> tags);

}  // namespace sluis::pseudonym
