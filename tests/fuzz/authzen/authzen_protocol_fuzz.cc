// Bodies of the AuthZEN face; the first byte says which call. Properties: an answer is a decision, a
// list of decisions no longer than was asked, or results of which each alone is true; anything else
// is malformed, with a place or a line; nothing that is malformed alone is permitted in a batch; no
// denial that an access request names was ever given.
#include <cstdint>
#include <cstdlib>

#include "broker/authzen/access_request_body.h"
#include "broker/authzen/entity_pack.h"
#include "broker/authzen/exchange_question.h"
#include "broker/authzen/protocol.h"

namespace {

using sluis::Json;
using sluis::authzen::Searched;

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Desk {
  std::unique_ptr<sluis::authzen::EntityPack> pack =
      sluis::authzen::EntityPack::Load(SLUIS_FOREIGN_PACK).value();
  sluis::authzen::SearchTokens tokens;
  sluis::authzen::DenialTokens denials;
  sluis::ManualClock clock{absl::FromUnixSeconds(1'790'000'000)};
  sluis::authzen::Protocol protocol{"", *pack, tokens, clock};
  sluis::exchange::Caller caller;
};

const Desk& TheDesk() {
  static const Desk* desk = new Desk();
  return *desk;
}

bool DecisionOf(const Json& answer) {
  Require(answer.is_object() && answer.at("decision").is_boolean());
  return answer.at("decision").get<bool>();
}

void CheckSingle(std::string_view body) {
  const auto answer = TheDesk().protocol.Evaluation(TheDesk().caller, body);
  if (!answer.ok()) return Require(absl::IsInvalidArgument(answer.status()));
  DecisionOf(*answer);
  // What a caller may say of an exchange is read without fail, and never in another's name.
  sluis::authzen::Fault fault;
  const auto question = sluis::authzen::ReadQuestion(
      Json::parse(body), sluis::authzen::EmptyObject(), Searched::kNothing, "", fault);
  Require(!fault.found());
  Require(sluis::authzen::MapToExchange(question, TheDesk().caller).ask.parent ==
          TheDesk().caller.party);
}

void CheckBatch(std::string_view body) {
  const auto answer = TheDesk().protocol.Evaluations(TheDesk().caller, body);
  if (!answer.ok()) return Require(absl::IsInvalidArgument(answer.status()));
  if (!answer->contains("evaluations")) {
    DecisionOf(*answer);
    return;
  }
  const Json asked = Json::parse(body);
  Require(answer->at("evaluations").size() <= asked.at("evaluations").size());
  for (std::size_t i = 0; i < answer->at("evaluations").size(); ++i) {
    Json alone = asked;
    alone.erase("evaluations");
    alone.update(asked.at("evaluations")[i]);
    const auto single = TheDesk().protocol.Evaluation(TheDesk().caller, alone.dump());
    Require(DecisionOf(answer->at("evaluations")[i]) == (single.ok() && DecisionOf(*single)));
  }
}

void CheckSearch(Searched searched, const char* member, std::string_view body) {
  const auto answer = TheDesk().protocol.Search(searched, TheDesk().caller, body);
  if (!answer.ok()) return Require(absl::IsInvalidArgument(answer.status()));
  Require(answer->at("page").at("next_token").is_string());
  for (const Json& result : answer->at("results")) {
    Json alone = Json::parse(body);
    alone[member] = result;
    Require(DecisionOf(*TheDesk().protocol.Evaluation(TheDesk().caller, alone.dump())));
  }
}

void CheckAccessRequest(std::string_view body) {
  const auto read = sluis::authzen::ReadAccessRequest(body);
  if (!read.ok()) return Require(absl::IsInvalidArgument(read.status()));
  Require(!Json::parse(body).contains("items"));
  // The same body in another spelling is the same request.
  const auto again = sluis::authzen::ReadAccessRequest(Json::parse(body).dump(1));
  Require(again.ok() && again->content == read->content);
  Require(sluis::authzen::MapToExchange(read->question, TheDesk().caller).ask.parent ==
          TheDesk().caller.party);
  const std::string bound = sluis::authzen::BoundOf(read->question, TheDesk().caller);
  Require(!TheDesk().denials.Check(read->denial, bound, TheDesk().clock.Now()).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'e':
      CheckSingle(body);
      break;
    case 'b':
      CheckBatch(body);
      break;
    case 's':
      CheckSearch(Searched::kSubject, "subject", body);
      break;
    case 'r':
      CheckSearch(Searched::kResource, "resource", body);
      break;
    case 'a':
      CheckSearch(Searched::kAction, "action", body);
      break;
    case 'q':
      CheckAccessRequest(body);
      break;
    default:
      break;
  }
  return 0;
}
