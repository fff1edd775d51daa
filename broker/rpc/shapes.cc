#include "broker/rpc/shapes.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/base/ids.h"
#include "lib/base/resource_names.h"

namespace sluis::rpc {
namespace {

bool IsCodeCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '/';
}

bool IsPrintableAscii(char c) { return c > 0x20 && c < 0x7f; }

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string Unless(bool fits, const char* problem) { return fits ? "" : problem; }

}  // namespace

std::string ShapeProblem(v1::Shape shape, std::string_view value) {
  switch (shape) {
    case v1::SHAPE_OIN:
      return Unless(Oin::Parse(value).ok(), "must be 20 digits");
    case v1::SHAPE_UNIT:
      return Unless(UnitPath::Parse(value).ok(),
                    "must be kind/department in lower case, as gemeente/oov");
    case v1::SHAPE_UUID:
      return Unless(ParseUuid(value).ok(), "must be a UUID of 36 characters, not nil");
    case v1::SHAPE_RESOURCE_ID:
      return Unless(IsResourceId(value) && !ContainsBsnLikeRun(value),
                    "must be lower-case letters, digits and hyphens, without a number of a person");
    case v1::SHAPE_PARTY_NAME:
      return Unless(ParsePartyName(value).ok(), "must be partners/{oin}/units/{unit}");
    case v1::SHAPE_EXCHANGE_NAME:
      return Unless(ParseExchangeName(value).ok(),
                    "must be partners/{oin}/units/{unit}/exchanges/{32 hex}");
    case v1::SHAPE_CASE_NAME:
      return Unless(ParseCaseName(value).ok(), "must be cases/{32 hex}");
    case v1::SHAPE_HEX_ID:
      return Unless(CaseId::Parse(value).ok() && !ContainsBsnLikeRun(value),
                    "must be 32 random lower-case hex characters, without a number of a person");
    case v1::SHAPE_CODE:
      return Unless(std::all_of(value.begin(), value.end(), IsCodeCharacter),
                    "must be a code of lower-case letters, digits, hyphens, plus and slash");
    case v1::SHAPE_TOKEN:
      return Unless(std::all_of(value.begin(), value.end(), IsPrintableAscii),
                    "must be printable ASCII without spaces");
    default:
      return Unless(std::none_of(value.begin(), value.end(), IsControl),
                    "must not hold control characters");
  }
}

}  // namespace sluis::rpc
