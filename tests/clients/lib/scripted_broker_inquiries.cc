// Hit and no-hit at the scripted broker: many questions at once, their subjects, hits on record.
#include "lib/base/error.h"
#include "lib/base/resource_names.h"
#include "lib/pseudonym/inquiry.h"
#include "tests/clients/lib/scripted_broker_calls.h"

namespace sluis::edge::testing {

void ScriptedBroker::PrepareQuestion(wire::Exchange& exchange) {
  const CaseId the_case = ParseCaseName(exchange.case_()).value();
  exchange.set_domain(exchange.from_domain().empty() ? the_case.hex() : exchange.from_domain());
  const auto& contexts = live_contexts[NameOf(exchange.provider_desk())];
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

grpc::Status ScriptedBroker::BatchCreateExchanges(Context* context,
                                                  const wire::BatchCreateExchangesRequest* request,
                                                  wire::BatchCreateExchangesResponse* response) {
  return Run(context, "BatchCreateExchanges", *request, response, [&] {
    if (!batches_.contains(request->request_id())) {
      wire::BatchCreateExchangesResponse made;
      for (const wire::Exchange& asked : request->exchanges()) {
        Make(request->parent(), asked, request->request_id(), *made.add_exchanges());
      }
      batches_[request->request_id()] = made;
    }
    *response = batches_[request->request_id()];
    if (change_exchange) change_exchange(*response->mutable_exchanges(0));
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::SendSubject(Context* context, const wire::SendSubjectRequest* request,
                                         wire::Exchange* response) {
  return Once(context, "SendSubject", *request, response, [&](wire::Exchange& answer) {
    wire::Exchange& exchange = exchanges[request->name()];
    if (exchange.subject_sent()) {
      return BrokerError(grpc::StatusCode::FAILED_PRECONDITION, "EXCHANGE_CLOSED", "it was sent");
    }
    const auto done = transcryptors.Transcrypt(request->signed_request(), exchange.statement(),
                                               desks.at(NameOf(exchange.provider_desk())), now());
    if (!done.ok()) return RefusalOf(done.status());
    questions[request->name()] = *done;
    exchange.set_subject_sent(true);
    exchange.clear_statement();
    answer = exchange;
    return Receipted(tlog::LeafKind::kDelivery, request->name(), answer);
  });
}

grpc::Status ScriptedBroker::RecordHit(Context* context, const wire::RecordHitRequest* request,
                                       wire::Exchange* response) {
  return Once(context, "RecordHit", *request, response, [&](wire::Exchange& answer) {
    wire::Exchange& exchange = exchanges[request->name()];
    const auto signed_by = hit_keys.find(NameOf(exchange.provider_desk()));
    const absl::Status verified = pseudonym::VerifyHit(
        ParseExchangeName(request->name())->id, static_cast<std::uint32_t>(request->position()),
        /*hit=*/true, request->signature(), signed_by->second);
    if (!verified.ok()) return RefusalOf(verified);
    exchange.add_recorded_hits(request->position());
    answer = exchange;
    *answer.add_receipts() = log.Append(tlog::LeafKind::kCaseChange, ExchangeId());
    return grpc::Status::OK;
  });
}

}  // namespace sluis::edge::testing
