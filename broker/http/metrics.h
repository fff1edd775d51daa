// Metrics of the HTTP listeners, and the operator's own listener that shows them. Labels are
// constants: listener, route, status, cause. Never a path, an address, an organisation or a person.
// The operator's listener is on loopback only: what it shows would tell single events to those who
// watch it (log.md B10).
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <string_view>

#include "broker/http/message.h"
#include "broker/http/server.h"
#include "broker/journal/journal.h"

namespace sluis::http {

// Thread-safe. The registry outlives it.
class HttpMetrics : public ServerObserver {
 public:
  // `listener`: a constant such as `public` or `bundles`. Several may share one registry.
  HttpMetrics(prometheus::Registry& registry, std::string listener);
  void OnConnections(int change) override;
  void OnAnswer(std::string_view route, int status, absl::Duration took) override;
  void OnRefusal(std::string_view cause) override;

 private:
  const std::string listener_;
  prometheus::Gauge& connections_;
  prometheus::Family<prometheus::Counter>& answers_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Family<prometheus::Counter>& refusals_;
};

// /healthz and /metrics (Prometheus text format 0.0.4). Start it with ServerOptions::loopback_only.
// Thread-safe; what is given outlives it.
class OperatorRoutes : public Handler {
 public:
  OperatorRoutes(const journal::Journal& journal, const prometheus::Registry& registry)
      : journal_(journal), registry_(registry) {}
  Response Handle(const Request& request) override;

 private:
  const journal::Journal& journal_;
  const prometheus::Registry& registry_;
};

}  // namespace sluis::http
