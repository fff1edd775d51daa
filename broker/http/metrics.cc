#include "broker/http/metrics.h"

#include <prometheus/text_serializer.h>

#include "broker/http/problem.h"
#include "broker/http/public_routes.h"

namespace sluis::http {
namespace {

// Seconds: from a tile out of memory to a commit on a slow disk.
const prometheus::Histogram::BucketBoundaries kSeconds = {0.0001, 0.001, 0.005, 0.025,
                                                          0.1,    0.5,   2.5,   10};

}  // namespace

HttpMetrics::HttpMetrics(prometheus::Registry& registry, std::string listener)
    : listener_(std::move(listener)),
      connections_(prometheus::BuildGauge()
                       .Name("sluis_http_connections")
                       .Help("Open connections")
                       .Register(registry)
                       .Add({{"listener", listener_}})),
      answers_(prometheus::BuildCounter()
                   .Name("sluis_http_answers_total")
                   .Help("Answers by route and status")
                   .Register(registry)),
      durations_(prometheus::BuildHistogram()
                     .Name("sluis_http_handling_seconds")
                     .Help("Time in the handler")
                     .Register(registry)),
      refusals_(prometheus::BuildCounter()
                    .Name("sluis_http_refusals_total")
                    .Help("Connections and requests that reached no handler, by cause")
                    .Register(registry)) {}

void HttpMetrics::OnConnections(int change) { connections_.Increment(change); }

void HttpMetrics::OnAnswer(std::string_view route, int status, absl::Duration took) {
  const std::string name(route);
  answers_.Add({{"listener", listener_}, {"route", name}, {"status", std::to_string(status)}})
      .Increment();
  durations_.Add({{"listener", listener_}, {"route", name}}, kSeconds)
      .Observe(absl::ToDoubleSeconds(took));
}

void HttpMetrics::OnRefusal(std::string_view cause) {
  refusals_.Add({{"listener", listener_}, {"cause", std::string(cause)}}).Increment();
}

Response OperatorRoutes::Handle(const Request& request) {
  Response response;
  if (!request.IsRead()) {
    response = MethodNotAllowed("GET, HEAD");
  } else if (request.target == "/healthz") {
    response = Health(journal_);
    response.route = "healthz";
  } else if (request.target == "/metrics") {
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = prometheus::TextSerializer().Serialize(registry_.Collect());
    response.headers = {{"Cache-Control", "no-store"}};
    response.route = "metrics";
  } else {
    response = NotFound();
  }
  return response;
}

}  // namespace sluis::http
