// The pseudonymous half of the scripted broker: statements, sessions, releases with people in them.
#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/resource_names.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/session.h"
#include "lib/pseudonym/shred_order.h"
#include "tests/clients/lib/scripted_broker_calls.h"

namespace sluis::edge::testing {
namespace {

Json PartyMembers(const wire::Party& party, const std::string& prefix) {
  return {{prefix + "organisation", party.organisation()}, {prefix + "unit", party.unit()}};
}

// The evaluation request, as far as a transcryptor compares it with a head.
Json EvaluationOf(const wire::Exchange& exchange) {
  const wire::Party& asker =
      exchange.action() == "disclose" ? exchange.provider() : exchange.recipient();
  Json properties = PartyMembers(exchange.provider(), "provider_");
  properties.update(PartyMembers(exchange.recipient(), "recipient_"));
  if (!exchange.from_domain().empty()) {
    properties["from_case"] = exchange.from_domain();
    properties["from_purpose"] = exchange.from_purpose();
  }
  if (!exchange.register_().empty()) properties["register"] = exchange.register_();
  return {
      {"action", {{"name", exchange.action()}, {"properties", {{"purpose", exchange.purpose()}}}}},
      {"resource", {{"id", exchange.domain()}, {"properties", properties}}},
      {"subject", {{"properties", PartyMembers(asker, "")}}}};
}

}  // namespace

std::string NameOf(const wire::Party& party) { return party.organisation() + "/" + party.unit(); }

grpc::Status RefusalOf(const absl::Status& status) {
  const absl::Status told = pseudonym::ForSender(status);
  return BrokerError(static_cast<grpc::StatusCode>(told.code()), ReasonOf(told), MessageOf(told));
}

void ScriptedBroker::Prepare(wire::Exchange& exchange) {
  const CaseId the_case = ParseCaseName(exchange.case_()).value();
  exchange.set_domain(exchange.purpose() == "riec-signaalweging" ? weighing_table : the_case.hex());
  const auto& contexts = live_contexts[NameOf(exchange.recipient_desk())];
  if (contexts.empty()) {
    exchange.set_state(wire::EXCHANGE_STATE_QUEUED);
    exchange.set_queue_reason(wire::QUEUE_REASON_RECIPIENT_SESSION);
    return;
  }
  exchange.set_state(wire::EXCHANGE_STATE_FORWARDED);
  exchange.set_queue_reason(wire::QUEUE_REASON_UNSPECIFIED);
  exchange.set_recipient_context(contexts.back());
  State(exchange);
}

void ScriptedBroker::State(wire::Exchange& exchange) {
  pseudonym::StatementTerms terms;
  terms.exchange = ParseExchangeName(exchange.name())->id.hex();
  terms.issued = absl::ToUnixSeconds(now());
  terms.expires = absl::ToUnixSeconds(now() + statement_life);
  terms.pack = RandomArray<32>();
  terms.request = EvaluationOf(exchange);
  terms.outcome = "PERMITTED";
  for (const wire::FieldForm& field : exchange.decision().fields()) {
    terms.fields[field.field()] = field.form();
  }
  terms.rules = {"P-01"};
  exchange.set_statement(pseudonym::DecisionStatement::Sign(terms, decision_key)->wire());
}

grpc::Status ScriptedBroker::Receipted(tlog::LeafKind kind, const std::string& name,
                                       wire::Exchange& answer) {
  *answer.add_receipts() = log.Append(kind, ParseExchangeName(name)->id);
  leaves_of_[name].push_back(static_cast<std::size_t>(answer.receipts().rbegin()->index()));
  return grpc::Status::OK;
}

grpc::Status ScriptedBroker::PrepareAnswer(Context* context,
                                           const wire::PrepareAnswerRequest* request,
                                           wire::Exchange* response) {
  return Once(context, "PrepareAnswer", *request, response, [&](wire::Exchange& answer) {
    wire::Exchange& exchange = exchanges[request->name()];
    Prepare(exchange);
    answer = exchange;
    return Receipted(tlog::LeafKind::kDecision, request->name(), answer);
  });
}

absl::Status ScriptedBroker::GoOn(const std::string& name) {
  wire::Exchange& exchange = exchanges[name];
  std::vector<wire::Transcryption> done;
  for (const std::string& sent : mailbox[name].signed_requests()) {
    SLUIS_ASSIGN_OR_RETURN(
        wire::Transcryption one,
        transcryptors.Transcrypt(sent, exchange.statement(),
                                 desks.at(NameOf(exchange.recipient_desk())), now()));
    done.push_back(std::move(one));
  }
  transcryptions[name] = std::move(done);
  exchange.set_state(wire::EXCHANGE_STATE_ANSWERED);
  exchange.set_queue_reason(wire::QUEUE_REASON_UNSPECIFIED);
  exchange.set_retain_until("2027-03-01");
  return absl::OkStatus();
}

grpc::Status ScriptedBroker::TakeRelease(const wire::AnswerExchangeRequest& request,
                                         wire::Exchange& exchange) {
  const auto& contexts = live_contexts[NameOf(exchange.recipient_desk())];
  for (const std::string& sent : request.release().signed_requests()) {
    const auto decoded = pseudonym::SignedRequest::Decode(sent);
    if (!decoded.ok()) return RefusalOf(decoded.status());
    if (std::find(contexts.begin(), contexts.end(), decoded->head().c_to) == contexts.end()) {
      return BrokerError(grpc::StatusCode::FAILED_PRECONDITION, "E_SESSION", "it ended");
    }
  }
  mailbox[request.name()] = request.release();
  if (transcryptors_away && request.release().signed_requests_size() > 0) {
    exchange.set_state(wire::EXCHANGE_STATE_QUEUED);
    exchange.set_queue_reason(wire::QUEUE_REASON_TRANSCRYPTOR);
    return grpc::Status::OK;
  }
  const absl::Status done = GoOn(request.name());
  return done.ok() ? grpc::Status::OK : RefusalOf(done);
}

grpc::Status ScriptedBroker::AnswerExchange(Context* context,
                                            const wire::AnswerExchangeRequest* request,
                                            wire::Exchange* response) {
  return Once(context, "AnswerExchange", *request, response, [&](wire::Exchange& answer) {
    wire::Exchange& exchange = exchanges[request->name()];
    if (exchange.state() == wire::EXCHANGE_STATE_ANSWERED) {
      return BrokerError(grpc::StatusCode::FAILED_PRECONDITION, "EXCHANGE_CLOSED", "too late",
                         "te laat");
    }
    if (const grpc::Status taken = TakeRelease(*request, exchange); !taken.ok()) return taken;
    answer = exchange;
    const bool waits = exchange.state() == wire::EXCHANGE_STATE_QUEUED;
    return Receipted(waits ? tlog::LeafKind::kDelivery : tlog::LeafKind::kAnswer, request->name(),
                     answer);
  });
}

grpc::Status ScriptedBroker::OpenSession(Context* context, const wire::OpenSessionRequest* request,
                                         wire::Session* response) {
  return Run(context, "OpenSession", *request, response, [&] {
    if (!opened_.contains(request->request_id())) {
      const PartyId party = ParsePartyName(request->parent()).value();
      if (transcryptors_away) {
        return BrokerError(grpc::StatusCode::UNAVAILABLE, "PROVIDER_UNREACHABLE", "away");
      }
      auto session = transcryptors.OpenSession(request->head(), request->signature(),
                                               desks.at(party.ToString()), now());
      if (!session.ok()) return RefusalOf(session.status());
      *session->add_receipts() = log.Append(tlog::LeafKind::kKeyChange, ExchangeId());
      live_contexts[party.ToString()].push_back(session->context());
      opened_[request->request_id()] = *std::move(session);
    }
    *response = opened_[request->request_id()];
    if (change_session) change_session(*response);
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::RevokeSession(Context* context,
                                           const wire::RevokeSessionRequest* request,
                                           wire::RevokeSessionResponse* response) {
  return Run(context, "RevokeSession", *request, response, [&] {
    const auto head = pseudonym::SessionHead::Decode(request->head());
    if (!head.ok() || head->end != head->issued) {
      return BrokerError(grpc::StatusCode::INVALID_ARGUMENT, "E_TYPE", "revokes nothing");
    }
    transcryptors.RevokeSession(head->context);
    std::erase(live_contexts[ParsePartyName(request->parent())->ToString()], head->context);
    *response->add_receipts() = log.Append(tlog::LeafKind::kKeyChange, ExchangeId());
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::ShredDomain(Context* context, const wire::ShredDomainRequest* request,
                                         wire::ShredDomainResponse* response) {
  return Run(context, "ShredDomain", *request, response, [&] {
    const auto order = pseudonym::ShredOrder::Decode(request->order());
    if (!order.ok()) return RefusalOf(order.status());
    transcryptors.Shred(order->domain);
    for (int hop = 0; hop < 2; ++hop) {
      response->add_destroy_times()->set_seconds(absl::ToUnixSeconds(now()));
    }
    *response->add_receipts() = log.Append(tlog::LeafKind::kKeyChange, ExchangeId());
    return grpc::Status::OK;
  });
}

}  // namespace sluis::edge::testing
