#include "clients/lib/release_items.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/lib/references.h"
#include "clients/lib/released_subject.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::edge {
namespace {

using pseudonym::RequestKind;

// A transcryptor may be away, which nobody knows before: every request may wait three days.
constexpr absl::Duration kItemMayWait = absl::Seconds(pseudonym::kMaxQueuedLifetime);
constexpr int kPassedOn = 100;

int OrderOf(const ReleasedSubject& who) {
  const auto* subject = std::get_if<Subject>(&who);
  return subject == nullptr ? kPassedOn : static_cast<int>(subject->kind());
}

bool MayNamePeople(const std::string& form) { return form == "pseudonym" || form == "exact"; }

absl::StatusOr<Json> PeopleOf(const ReleaseValue& value, std::size_t i) {
  if (value.value.empty()) return ReferencesTo(value.subjects.size());
  absl::StatusOr<Json> json = ParseJsonStrict(value.value.Reveal(SecretAccess::ForCrypto()));
  if (json.ok()) return json;
  return InvalidField("FIELD_INVALID", absl::StrFormat("values[%d]", i),
                      "a value in which people stand must be JSON");
}

absl::Status CheckReferences(const Json& json, std::size_t people, std::size_t i) {
  return ReplaceReferences(json,
                           [&](std::size_t k) -> absl::StatusOr<Json> {
                             if (k < people) return Json();
                             return InvalidField("FIELD_INVALID", absl::StrFormat("values[%d]", i),
                                                 "refers to somebody who is not given");
                           })
      .status();
}

// A number in the text of a pseudonymised field would say who it is. Dots are how people write it.
bool HoldsANumber(BytesView text) {
  std::string run;
  const auto is_number = [&run] { return Subject::Create(SubjectKind::kBsn, run).ok(); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (digit) {
      run += text[i];
    } else if (text[i] != '.' || run.empty()) {
      if (is_number()) return true;
      run.clear();
    }
  }
  return is_number();
}

absl::Status CheckText(const ReleaseValue& value, std::size_t i) {
  if (value.form != "pseudonym" || !HoldsANumber(value.value.Reveal(SecretAccess::ForCrypto()))) {
    return absl::OkStatus();
  }
  return InvalidField("FIELD_INVALID", absl::StrFormat("values[%d]", i),
                      "holds a number of a person, while people leave this field as pseudonyms; "
                      "give the person in its place");
}

ReleaseValue CloneOf(const ReleaseValue& value) {
  ReleaseValue clone{
      .field = value.field, .form = value.form, .value = value.value.Clone(), .subjects = {}};
  for (const ReleasedSubject& who : value.subjects) clone.subjects.push_back(CloneOf(who));
  return clone;
}

}  // namespace

absl::StatusOr<SendingTerms> MakeSendingTerms(const wire::Exchange& exchange,
                                              const pseudonym::DecisionStatement& statement,
                                              const HeldSession& session, std::uint32_t epoch) {
  SLUIS_ASSIGN_OR_RETURN(const PartyId recipient, ReadParty(exchange.recipient_desk()));
  const auto party = pseudonym::Party::Of(recipient);
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange.name()));
  if (statement.terms().exchange != name.id.hex()) {
    return pseudonym::Refuse("E_MANDATE", "the broker's statement is about another exchange");
  }
  SLUIS_ASSIGN_OR_RETURN(const auto c_to, pseudonym::Context::Decode(exchange.recipient_context()));
  if (c_to.party() != party) {
    return pseudonym::Refuse("E_RECIPIENT", "the broker names a session of somebody else");
  }
  SLUIS_ASSIGN_OR_RETURN(const auto d_to, pseudonym::Domain::Case(epoch, exchange.domain(), party,
                                                                  exchange.purpose()));
  return SendingTerms{exchange, statement, session, c_to, d_to};
}

bool NamesPeople(const ReleaseContent& content) {
  return std::any_of(content.values.begin(), content.values.end(),
                     [](const ReleaseValue& value) { return !value.subjects.empty(); });
}

absl::StatusOr<ReleaseContent> WithPermittedPeople(const ReleaseContent& content) {
  ReleaseContent permitted{.regime = content.regime,
                           .subject_category = content.subject_category,
                           .subject_verified = content.subject_verified,
                           .values = {}};
  for (std::size_t i = 0; i < content.values.size(); ++i) {
    SLUIS_RETURN_IF_ERROR(CheckText(content.values[i], i));
    ReleaseValue value = CloneOf(content.values[i]);
    if (!value.subjects.empty()) {
      SLUIS_ASSIGN_OR_RETURN(const Json json, PeopleOf(value, i));
      SLUIS_RETURN_IF_ERROR(CheckReferences(json, value.subjects.size(), i));
      if (!MayNamePeople(value.form)) {
        const Json rest = WithoutReferences(json);
        if (rest.is_null()) continue;
        value.value = SecretBytes::CopyOf(ReadableText(rest));
        value.subjects.clear();
      }
    }
    permitted.values.push_back(std::move(value));
  }
  return permitted;
}

absl::StatusOr<ReleaseItems> ReleaseItems::Encrypt(const ReleaseContent& content,
                                                   const GroupElement& y, bool moves) {
  // Who stands where: first the batches in their order, then the numbers through all of them.
  std::map<int, std::vector<const ReleasedSubject*>> by_order;
  std::map<Digest, std::pair<int, std::size_t>> places;
  for (const ReleaseValue& value : content.values) {
    for (const ReleasedSubject& who : value.subjects) {
      auto& batch = by_order[OrderOf(who)];
      if (places.try_emplace(IdentityOf(who), OrderOf(who), batch.size()).second) {
        batch.push_back(&who);
      }
    }
  }
  ReleaseItems items;
  std::map<int, std::size_t> first_of;
  std::size_t count = 0;
  for (const auto& [order, people] : by_order) {
    if (people.size() > pseudonym::kMaxBatch) {
      return pseudonym::Refuse("E_BATCH_SIZE", "at most 4096 people or things in one answer");
    }
    first_of[order] = count;
    count += people.size();
    Batch batch{.order = order, .items = {}};
    for (const ReleasedSubject* who : people) {
      SLUIS_ASSIGN_OR_RETURN(auto encrypted, pseudonym::Encrypt(ElementOf(*who), y));
      batch.items.push_back({who, std::move(encrypted), {}});
    }
    items.batches_.push_back(std::move(batch));
  }
  for (const ReleaseValue& value : content.values) {
    std::vector<std::size_t> numbers;
    for (const ReleasedSubject& who : value.subjects) {
      const auto& [order, index] = places.at(IdentityOf(who));
      numbers.push_back(first_of.at(order) + index);
    }
    items.of_value_.push_back(std::move(numbers));
  }
  items.moves_ = moves;
  return items;
}

ReleaseItems::Item& ReleaseItems::At(std::size_t number) {
  return const_cast<Item&>(std::as_const(*this).At(number));
}

// Precondition: a number of this release.
const ReleaseItems::Item& ReleaseItems::At(std::size_t number) const {
  auto batch = batches_.begin();
  for (; number >= batch->items.size(); ++batch) number -= batch->items.size();
  return batch->items[number];
}

absl::StatusOr<SecretBytes> ReleaseItems::TextOf(const ReleaseValue& value, std::size_t i) const {
  if (value.subjects.empty()) return value.value.Clone();
  SLUIS_ASSIGN_OR_RETURN(const Json json, PeopleOf(value, i));
  SLUIS_ASSIGN_OR_RETURN(const Json numbered,
                         ReplaceReferences(json, [&](std::size_t k) -> absl::StatusOr<Json> {
                           return Json{{"ref", of_value_[i][k]}};
                         }));
  return SecretBytes::Take(numbered.dump());
}

Digest ReleaseItems::FrameDigest(std::size_t i) const {
  if (moves_ || of_value_[i].empty()) return {};
  return At(of_value_[i].front()).encrypted.ciphertext.ItemDigest();
}

void ReleaseItems::AddSealed(std::size_t i, BytesView sealed) {
  if (moves_ || of_value_[i].empty()) return;
  At(of_value_[i].front()).sealed += sealed;
}

absl::StatusOr<pseudonym::SignedRequest> ReleaseItems::SignBatch(const Batch& batch,
                                                                 const SendingTerms& terms,
                                                                 const PartyId& own,
                                                                 const Ed25519PrivateKey& key,
                                                                 absl::Time now) const {
  RequestKind kind = RequestKind::kTranscrypt;
  if (batch.order == kPassedOn) kind = moves_ ? RequestKind::kMove : RequestKind::kPassOn;
  const absl::Time end = absl::FromUnixSeconds(terms.statement.terms().expires);
  const pseudonym::RequestTerms request{
      .kind = kind,
      .signer = pseudonym::Party::Of(own),
      .route = {OriginOf(*batch.items.front().who), terms.d_to, terms.session.context, terms.c_to},
      .y_from = terms.session.y,
      .issued = now,
      .expires = std::min(now + kItemMayWait, end),
      .mandate = terms.statement.digest(),
      .queued = true};
  std::vector<pseudonym::ItemToSend> items;
  for (const Item& item : batch.items) {
    items.push_back({{item.encrypted.ciphertext, item.encrypted.blind.Clone()},
                     item.sealed.empty() ? Digest{} : Sha256(item.sealed)});
  }
  SLUIS_ASSIGN_OR_RETURN(auto signed_request, pseudonym::SignRequest(request, items, key));
  const Digest pack = terms.statement.terms().pack;
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckCovers(terms.statement, signed_request.head(),
                                               request.route, items.size(), now, {&pack, 1}));
  return signed_request;
}

absl::StatusOr<std::vector<pseudonym::SignedRequest>> ReleaseItems::Sign(
    const SendingTerms& terms, const PartyId& own, const Ed25519PrivateKey& key,
    absl::Time now) const {
  std::vector<pseudonym::SignedRequest> requests;
  for (const Batch& batch : batches_) {
    SLUIS_ASSIGN_OR_RETURN(auto request, SignBatch(batch, terms, own, key, now));
    requests.push_back(std::move(request));
  }
  return requests;
}

std::vector<ReleaseItems::Sent> ReleaseItems::SentSubjects() const {
  std::vector<Sent> sent;
  for (const Batch& batch : batches_) {
    for (const Item& item : batch.items) {
      const auto* subject = std::get_if<Subject>(item.who);
      if (subject != nullptr) sent.push_back({subject, item.encrypted.ciphertext.ItemDigest()});
    }
  }
  return sent;
}

}  // namespace sluis::edge
