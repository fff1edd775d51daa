#include "broker/authzen/access_request_body.h"

#include <optional>
#include <string>

#include "broker/authzen/exchange_verdict.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::authzen {
namespace {

std::optional<absl::Time> TimeIfAny(const Members& members, std::string_view name) {
  const std::optional<std::string> text = members.TextIfAny(name);
  if (!text) return std::nullopt;
  const absl::StatusOr<absl::Time> time = ParseRfc3339(*text);
  if (time.ok()) return *time;
  members.Fail(name, "must be a time as 2026-11-24T11:30:00.000Z");
  return std::nullopt;
}

Denial ReadDenial(const Members& root, Fault& fault) {
  if (!root.Has("denial")) root.Miss("denial");
  const Members members(root.ObjectOrEmpty("denial"), "denial", fault);
  Denial denial;
  denial.evaluation_id = members.Text("evaluation_id");
  if (!members.Has("expires_at")) members.Miss("expires_at");
  denial.expires_at = TimeIfAny(members, "expires_at").value_or(absl::InfinitePast());
  denial.evaluated_at = TimeIfAny(members, "evaluated_at");
  if (members.TextIfAny("reason").value_or(kApprovalRequired) != kApprovalRequired)
    members.Fail("reason", "must be `approval_required`: nothing else can be approved");
  members.TextIfAny("template");
  return denial;
}

// `emergency` is a signal to who approves; the emergency path is asked for in the action.
absl::Time ReadWantedUntil(const Members& root, Fault& fault) {
  const Members members(root.ObjectOrEmpty("requested_access"), "requested_access", fault);
  members.FlagOr("emergency", false);
  return TimeIfAny(members, "requested_until").value_or(absl::InfiniteFuture());
}

}  // namespace

absl::StatusOr<AccessRequestBody> ReadAccessRequest(std::string_view text) {
  SLUIS_ASSIGN_OR_RETURN(const Json root, ParseJsonStrict(text));
  Fault fault;
  const Members members(root, "", fault);
  if (fault.found()) return InvalidField("FIELD_INVALID", "body", fault.message);
  AccessRequestBody body;
  body.question = ReadQuestion(root, EmptyObject(), Searched::kNothing, "", fault);
  if (members.Has("items")) members.Fail("items", "is not taken here; ask one question a request");
  body.denial = ReadDenial(members, fault);
  body.wanted_until = ReadWantedUntil(members, fault);
  if (fault.found()) return fault.ToStatus();
  // Members in order and no white space: RFC 8785 but for the spelling of numbers, of which this
  // body has none that counts.
  body.content = Sha256(root.dump());
  return body;
}

}  // namespace sluis::authzen
