#include "clients/lib/received_items.h"

#include <algorithm>
#include <map>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/human_form.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::edge {
namespace {

using pseudonym::Refuse;

// Under another one, people whom we know would come in as strangers.
absl::Status CheckEpoch(std::uint32_t epoch, const PseudonymTrust& trust) {
  if (epoch == trust.epoch || (trust.previous_epoch != 0 && epoch == trust.previous_epoch)) {
    return absl::OkStatus();
  }
  return Refuse("E_MANDATE", "this was transcrypted under another epoch than ours");
}

// Into our domain of this exchange.
absl::Status CheckTarget(const pseudonym::Route& route, const wire::Exchange& exchange,
                         const PseudonymTrust& trust) {
  if (route.d_to.kind() != pseudonym::DomainKind::kCase) {
    return Refuse("E_RECIPIENT", "this was transcrypted into no domain of a case");
  }
  if (route.d_to.case_id() != exchange.domain() || route.d_to.purpose() != exchange.purpose()) {
    return Refuse("E_MANDATE",
                  "this was transcrypted into another domain than that of the exchange");
  }
  return CheckEpoch(route.d_to.epoch(), trust);
}

absl::StatusOr<std::vector<ReceivedItem>> Decrypt(const Transcribed& sent) {
  const pseudonym::Domain& from = sent.route.d_from;
  const std::string origin = from.kind() == pseudonym::DomainKind::kOrigin ? from.origin() : "";
  std::vector<ReceivedItem> items;
  for (std::size_t j = 0; j < sent.output.items.size(); ++j) {
    SLUIS_ASSIGN_OR_RETURN(auto seen, pseudonym::DecryptAs<pseudonym::CasePseudonym>(
                                          sent.output.items[j], sent.session.sk));
    std::string human_form = pseudonym::HumanForm(seen);
    const pseudonym::RequestItem& asked = sent.request.items()[j];
    items.push_back({std::move(seen), std::move(human_form), origin, asked.ciphertext.ItemDigest(),
                     asked.payload});
  }
  return items;
}

absl::Status CheckNamed(const wire::Delivery& delivery, const ReleaseHeader& header) {
  const wire::Release& release = delivery.release();
  const auto count = static_cast<int>(header.signed_requests.size());
  if (release.signed_requests_size() != count || delivery.transcryptions_size() != count) {
    return Refuse("E_PAYLOAD", "the signed header names other signed requests than came");
  }
  for (int i = 0; i < count; ++i) {
    const std::string& sent = release.signed_requests(i);
    if (Sha256(sent) != header.signed_requests[static_cast<std::size_t>(i)] ||
        delivery.transcryptions(i).signed_request() != sent) {
      return Refuse("E_PAYLOAD", "the signed header names other signed requests than came");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReceivedItems> VerifyTranscriptions(const wire::Delivery& delivery,
                                                   const ReleaseHeader& header,
                                                   const ReceivingTerms& terms) {
  SLUIS_RETURN_IF_ERROR(CheckNamed(delivery, header));
  ReceivedItems received;
  for (const wire::Transcryption& sent : delivery.transcryptions()) {
    const wire::Exchange& exchange = delivery.exchange();
    SLUIS_ASSIGN_OR_RETURN(
        const Transcribed transcribed,
        VerifyTranscription(sent, exchange.name(), terms,
                            [&](const pseudonym::SignedRequest&, const pseudonym::Route& route) {
                              return CheckTarget(route, exchange, terms.trust);
                            }));
    SLUIS_ASSIGN_OR_RETURN(auto items, Decrypt(transcribed));
    if (received.domain && *received.domain != transcribed.route.d_to) {
      return Refuse("E_PAYLOAD", "the people of one answer came into two domains");
    }
    received.domain = transcribed.route.d_to;
    std::move(items.begin(), items.end(), std::back_inserter(received.items));
  }
  return received;
}

absl::Status CheckPayloads(const ReceivedItems& received, std::span<const SealedView> fields,
                           std::span<const std::string> sealed) {
  std::map<Digest, Bytes> about;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Digest& item = fields[i].label.item_digest;
    if (item != Digest{}) about[item] += sealed[i];
  }
  std::size_t met = 0;
  for (const ReceivedItem& item : received.items) {
    const auto content = about.find(item.item_digest);
    met += content == about.end() ? 0 : 1;
    if (item.payload != (content == about.end() ? Digest{} : Sha256(content->second))) {
      return Refuse("E_PAYLOAD", "a field was given to somebody else than the partner signed for");
    }
  }
  if (met == about.size()) return absl::OkStatus();
  return Refuse("E_PAYLOAD", "a field is about somebody who is not in this release");
}

}  // namespace sluis::edge
