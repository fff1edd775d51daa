// A RIEC that asks the police, with a register in the directory: what the tests of inquiries begin
// with.
#pragma once

#include <gmock/gmock.h>

#include "broker/exchange/inbox.h"
#include "broker/exchange/waiting.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/inquiry.h"
#include "tests/broker/exchange/pseudonym_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {

inline constexpr int kQuestion = static_cast<int>(InboxEvent::kQuestion);
inline constexpr int kSessionReady = static_cast<int>(InboxEvent::kSessionReady);
inline constexpr int kReleaseRefused = static_cast<int>(InboxEvent::kReleaseRefused);

// How the asker's edge makes its request; tests bend it.
struct Bent {
  pseudonym::RequestKind kind = pseudonym::RequestKind::kInquire;
  std::size_t items = 1;
  std::uint32_t epoch = 1;
  std::string register_name = "personen";
  bool queued = false;
  std::optional<pseudonym::Domain> d_from{};
  std::optional<GroupElement> known{};
};

inline std::string ViolationOf(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  return detail.violations.empty() ? "" : detail.violations.front().field;
}

class InquiryTest : public PseudonymWorld {
 protected:
  InquiryTest() {
    for (identity::UnitEntry& unit : police.entry.units) {
      if (unit.unit == Analyst().party.unit) {
        unit.registers = {{"personen", "wpg-8", 5000, 1, {"bsn"}}};
      }
    }
    RenewDirectory();
    riec_.emplace(OpenSessionOf(RiecOffice()));
  }
  void OpenPolice() { police_.emplace(OpenSessionOf(Analyst())); }

  CreateExchange Inquiry(const CaseId& in_case) const {
    CreateExchange ask;
    ask.parent = ask.recipient = RiecOffice().party;
    ask.provider = Analyst().party;
    ask.action = "inquire";
    ask.purpose = "riec-signaalweging";
    ask.basis = "wpg-20-3";
    ask.case_id = in_case;
    ask.regime = "wpg-8";
    ask.subject_category = "verdachte";
    ask.fields = {"sig-treffer"};
    ask.register_name = "personen";
    ask.time_to_live = absl::Hours(24 * 14);
    return ask;
  }
  ExchangeResult Asked() {
    return Create(RiecOffice(), Inquiry(NewCase(RiecOffice(), "bevraging"))).value();
  }
  Bytes Signed(const ExchangeResult& asked, const Bent& bent = {}) {
    std::vector<pseudonym::ItemToSend> items;
    for (std::size_t i = 0; i < bent.items; ++i) {
      const GroupElement about =
          i > 0 ? pseudonym::FillerElement()
                : bent.known.value_or(
                      pseudonym::ElementOf(Subject::Create(SubjectKind::kBsn, kBsn).value())
                          .element(SecretAccess::ForTest()));
      items.push_back({pseudonym::Encrypt(about, riec_->key.y).value(), {}});
    }
    const Bytes& wire = asked.exchange.statement;
    // Without a statement yet: a request that names none.
    const BytesView json =
        wire.size() < 100 ? BytesView() : BytesView(wire).substr(4, wire.size() - 100);
    const pseudonym::Party provider = pseudonym::Party::Of(asked.exchange.provider_desk);
    const pseudonym::Domain index =
        pseudonym::Domain::Index(bent.epoch, provider, bent.register_name).value();
    const pseudonym::Domain d_to = bent.kind == pseudonym::RequestKind::kInquire
                                       ? index
                                       : pseudonym::Domain::Case(1, asked.exchange.domain.hex(),
                                                                 provider, asked.exchange.purpose)
                                             .value();
    const pseudonym::RequestTerms terms{
        .kind = bent.kind,
        .signer = pseudonym::Party::Of(RiecOffice().party),
        .route = {bent.d_from.value_or(pseudonym::Domain::Origin(SubjectKind::kBsn)), d_to,
                  riec_->context,
                  police_ ? police_->context : pseudonym::Context::Draw(provider).value()},
        .y_from = riec_->key.y,
        .issued = clock.Now(),
        .expires = clock.Now() + (bent.queued ? absl::Hours(72) : absl::Seconds(300)),
        .mandate = Sha256(json),
        .queued = bent.queued};
    return pseudonym::SignRequest(terms, items, KeyOf(RiecOffice())).value().bytes();
  }
  absl::StatusOr<ExchangeResult> Send(const Desk& desk, const ExchangeId& id, const Bytes& bytes) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->BringSubject(As(desk), Stamp("SendSubject"), {id, bytes}, std::move(reply));
    });
  }
  ExchangeResult Sent(std::size_t items = 1) {
    OpenPolice();
    const ExchangeResult asked = Asked();
    return Send(RiecOffice(), asked.exchange.id, Signed(asked, {.items = items})).value();
  }
  absl::StatusOr<ExchangeResult> AnswerHits(const ExchangeResult& sent,
                                            const std::vector<bool>& hits) {
    return AnswerWith(Analyst(),
                      Release(sent, {{"sig-treffer", "presence", ContentOf(sent, hits)}}));
  }
  std::string ContentOf(const ExchangeResult& sent, const std::vector<bool>& hits) {
    const auto plain = std::make_unique<bool[]>(hits.size());
    std::copy(hits.begin(), hits.end(), plain.get());
    const SecretBytes content = pseudonym::EncodeHits(
        sent.exchange.id, std::span<const bool>(plain.get(), hits.size()), KeyOf(Analyst()));
    content_ = Bytes(content.Reveal(SecretAccess::ForTest()));
    return content_;
  }
  Bytes SignatureAt(std::size_t position) const { return content_.substr(position * 65 + 1, 64); }
  absl::StatusOr<ExchangeResult> Record(const Desk& desk, const ExchangeId& id, int position,
                                        const Bytes& signature) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->NoteHit(As(desk), Stamp("RecordHit"), {id, position, signature}, std::move(reply));
    });
  }
  bool KeepsContent(const ExchangeId& id) {
    return store.Snapshot().value()->FindMailbox(id).value().has_value();
  }
  absl::Status Withdraw(const ExchangeId& id) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
             service->Withdraw(As(RiecOffice()), Stamp("WithdrawExchange"), id, std::move(reply));
           })
        .status();
  }

  std::optional<Session> riec_, police_;
  Bytes content_;
};

}  // namespace sluis::exchange::testing
