// An edge that does not keep to its own rules: it answers with a field that nobody asked for, or seals to
// another desk than the one that asked. `beyond PROFILE EXCHANGE nothing|field|recipient` prints OK or the
// broker's reason.
#include <iostream>
#include <string>

#include "clients/lib/connection.h"
#include "clients/lib/edge.h"
#include "clients/lib/methods.h"
#include "clients/lib/names.h"
#include "clients/lib/seal_exchange.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

ReleaseContent Content() {
  ReleaseContent content{.regime = "wpg-8", .subject_category = "verdachte", .subject_verified = true, .values = {}};
  content.values.push_back({"p-naam", "exact", SecretBytes::CopyOf("a name")});
  content.values.push_back({"pand-adres", "exact", SecretBytes::CopyOf("an address")});
  content.values.push_back({"ant-politiemelding", "generalised", SecretBytes::CopyOf("2026-11: 1")});
  return content;
}

absl::Status Answer(const std::string& profile_folder, const std::string& name, const std::string& how) {
  SLUIS_ASSIGN_OR_RETURN(const auto edge, Edge::Open(profile_folder));
  SLUIS_ASSIGN_OR_RETURN(wire::Exchange exchange, edge->Get(name));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, edge->Directory());
  ReleaseContent content = Content();
  if (how == "field") {
    exchange.add_fields("p-geboortedatum");
    content.values.push_back({"p-geboortedatum", "exact", SecretBytes::CopyOf("a day")});
  } else if (how == "recipient") {
    exchange.mutable_recipient_desk()->set_unit("gemeente/wethouder");
  }
  wire::AnswerExchangeRequest request;
  request.set_name(name);
  request.set_request_id(NewRequestId());
  SLUIS_ASSIGN_OR_RETURN(*request.mutable_release(),
                         SealRelease(exchange, content, edge->party(), *directory, SystemClock().Now()));
  SLUIS_ASSIGN_OR_RETURN(const auto assertions,
                         MakeAssertionSource(edge->profile(), edge->party(), SystemClock()));
  return Connection::Create(edge->party(), *assertions)->Call(kAnswerExchange.path, request.SerializeAsString()).status();
}

}  // namespace
}  // namespace sluis::edge

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const absl::Status answered = sluis::edge::Answer(argv[1], argv[2], argv[3]);
  std::cout << (answered.ok() ? "OK" : sluis::ReasonOf(answered)) << "\n";
  if (!answered.ok()) std::cerr << answered << "\n";
  return 0;
}
