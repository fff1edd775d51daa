#include "tests/broker/exchange/world.h"

#include <cstdlib>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/ids.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/sealing/sealed_field.h"
#include "lib/sealing/subject.h"
#include "lib/sealing/subject_header.h"
#include "lib/tlog/receipt.h"
#include "lib/tlog/vkey.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/loader.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using identity::testing::kPoliceOin;
using identity::testing::kProsecutionOin;
using identity::testing::kSmallTownOin;
using identity::testing::kTownOin;
using identity::testing::PartyOf;

constexpr char kOrigin[] = "log.sluis.example/2026";
constexpr char kRiecOin[] = "00000099400000001000";
constexpr char kOperator[] = "00000099000000001000";

std::shared_ptr<const policy::Pack> RealPack() {
  static const std::shared_ptr<const policy::Pack> pack =
      policy::LoadPackDirectory("policy/pack").value();
  return pack;
}

struct FixedPolicy : PolicySource {
  PolicyInForce in_force{
      RealPack(), Sha256(policy::CanonicalBytes(*RealPack())),
      std::make_shared<const policy::SampledPolicy>(
          std::make_shared<const policy::CompiledPack>(RealPack()),
          policy::SamplingOptions{1, [](const policy::Difference&) { std::abort(); }})};
  PolicyInForce Current() const override { return in_force; }
};

struct FixedDirectory : DirectorySource {
  std::shared_ptr<const identity::Directory> directory;
  std::shared_ptr<const identity::Directory> Current() const override { return directory; }
};

Ed25519PrivateKey LogKey() {
  return Ed25519PrivateKey::FromSeed(SecretBytes::CopyOf(std::string(32, 'k'))).value();
}

tlog::TrustPolicy Trust() {
  const auto key =
      tlog::VerifierKey::Create(kOrigin, tlog::KeyType::kEd25519, LogKey().public_key());
  return tlog::TrustPolicy::Parse("log " + key->Format() + "\nquorum none\n").value();
}

}  // namespace

Desk Oov() { return {PartyOf(kTownOin, "gemeente/oov"), "f-oov", {}}; }
Desk SocialDomain() { return {PartyOf(kTownOin, "gemeente/sociaal-domein"), "f-sociaal", {}}; }
Desk Alderman() { return {PartyOf(kTownOin, "gemeente/wethouder"), "f-wethouder", {}}; }
Desk Mayor() { return {PartyOf(kTownOin, "gemeente/burgemeester"), "f-burgemeester", {}}; }
Desk PrivacyOfficer() {
  return {PartyOf(kTownOin, "gemeente/privacy-officer"), "f-po", {"privacy-officer"}};
}
Desk Analyst() {
  return {PartyOf(kPoliceOin, "politie/informatie"), "pol-014", {"politie-verstrekker"}};
}
Desk Detective() { return {PartyOf(kPoliceOin, "politie/informatie"), "pol-099", {}}; }
Desk Prosecutor() {
  return {PartyOf(kProsecutionOin, "om/parket"), "om-007", {"om-wjsg-beoordelaar"}};
}
Desk SmallTown() { return {PartyOf(kSmallTownOin, "gemeente/oov"), "f-klein", {}}; }

Desk Supervisor() { return {PartyOf(kTownOin, "gemeente/toezicht"), "f-toezicht", {}}; }
Desk RiecOffice() { return {PartyOf(kRiecOin, "riec/bureau"), "f-riec-bureau", {}}; }
Desk RiecAccount() { return {PartyOf(kRiecOin, "riec/accountmanager"), "f-riec-account", {}}; }
Desk CaseLeader() { return {PartyOf(kRiecOin, "riec/bureau"), "riec-003", {"casusregisseur"}}; }

World::World()
    : clock(absl::FromUnixSeconds(1'795'518'000)),  // 2026-11-24T11:00:00Z
      town(kTownOin, {"gemeente/oov", "gemeente/burgemeester", "gemeente/sociaal-domein",
                      "gemeente/wethouder", "gemeente/vergunningen", "gemeente/privacy-officer",
                      "gemeente/fg", "gemeente/toezicht"}),
      small_town(kSmallTownOin, {"gemeente/oov"}),
      police(kPoliceOin, {"politie/informatie", "politie/fg", "politie/privacy-officer"}),
      prosecution(kProsecutionOin, {"om/parket"}),
      riec(kRiecOin, {"riec/bureau", "riec/accountmanager", "riec/analist"}) {
  policies = std::make_unique<FixedPolicy>();
  auto directory = std::make_unique<FixedDirectory>();
  directory->directory =
      identity::testing::DirectoryOf({&town, &small_town, &police, &prosecution, &riec});
  directories = std::move(directory);
  journal::JournalOptions options;
  options.origin = kOrigin;
  options.operator_oin = Oin::Parse(kOperator).value();
  options.guard_path = (folder.path() / "guard").string();
  journal = journal::Journal::Open(options, store, clock, LogKey(), SecretBytes::Random(32),
                                   policies->Current().digest)
                .value();
  StartService(nullptr);
}

void World::StartService(const PseudonymPlane* pseudonyms) {
  ServiceOptions options;
  options.operator_oin = Oin::Parse(kOperator).value();
  options.bundle_readers = {PartyOf(kTownOin, "gemeente/fg")};
  options.pseudonyms = pseudonyms;
  service = std::make_unique<Service>(options, *journal, store, *policies, *directories, clock);
}

World::~World() { journal.reset(); }

const identity::testing::TestPartner& World::PartnerOf(const Oin& oin) const {
  for (const auto* partner : {&town, &small_town, &police, &prosecution, &riec}) {
    if (partner->entry.oin == oin) return *partner;
  }
  return town;
}

void World::RenewDirectory() {
  const identity::testing::TestOfficers officers;
  auto document = identity::testing::DocumentOf({&town, &small_town, &police, &prosecution, &riec});
  document.version = directories->Current()->version() + 1;
  static_cast<FixedDirectory&>(*directories).directory =
      identity::Directory::Parse(officers.Sign(document), officers.Pinned()).value();
}

Caller World::As(const Desk& desk) {
  return {.party = desk.party,
          .person = desk.person,
          .roles = desk.roles,
          .mandate = "",
          .multi_factor = true,
          .issuer = "https://idp.example",
          .jti = absl::StrFormat("jti-%d", ++next_),
          .forget_after = clock.Now() + absl::Minutes(6)};
}

RequestStamp World::Stamp(const char* method) {
  const std::string id = absl::StrFormat("00000000-0000-4000-8000-%012d", ++next_);
  return {method, id, Sha256(id)};
}

CaseId World::NewCase(const Desk& desk, const std::string& phase) {
  const CaseId id = CaseId::FromBytes(RandomArray<16>());
  const auto created = Await<CaseResult>([&](Reply<CaseResult> reply) {
    service->OpenCase(As(desk), Stamp("CreateCase"), {desk.party, id, phase}, std::move(reply));
  });
  EXPECT_OK(created.status());
  return id;
}

CreateExchange World::PoliceQuestion(const CaseId& in_case) const {
  CreateExchange ask;
  ask.parent = ask.recipient = Oov().party;
  ask.provider = Analyst().party;
  ask.action = "request";
  ask.purpose = "openbare-orde";
  ask.basis = "wpg-16-1-b";
  ask.case_id = in_case;
  ask.regime = "wpg-8";
  ask.subject_category = "verdachte";
  ask.fields = {"p-naam", "pand-adres", "ant-politiemelding"};
  ask.time_to_live = absl::Hours(24 * 14);
  return ask;
}

absl::StatusOr<ExchangeResult> World::Create(const Desk& desk, CreateExchange ask) {
  return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->Create(As(desk), Stamp("CreateExchange"), std::move(ask), std::move(reply));
  });
}

absl::StatusOr<ExchangeResult> World::CreateAbout(const Desk& desk, CreateExchange ask,
                                                  const std::string& value) {
  const RequestStamp stamp = Stamp("CreateExchange");
  const auto& sender = PartnerOf(desk.party.oin);
  const auto& provider = PartnerOf(ask.provider.oin);
  const Bytes id = ParseUuid(stamp.request_id).value();
  FieldLabel label{
      .schema = std::string(kSubjectSchema),
      .field = std::string(kSubjectField),
      .legal_basis = ask.basis,
      .created = absl::FromUnixSeconds(absl::ToUnixSeconds(clock.Now())),
      .expires = absl::FromUnixSeconds(absl::ToUnixSeconds(clock.Now() + absl::Hours(24 * 30)))};
  std::copy(id.begin(), id.end(), label.seal_id.begin());
  const SealContext context{.sender = desk.party,
                            .recipient = ask.provider,
                            .case_id = ask.case_id.hex(),
                            .purpose = ask.purpose};
  const Bytes sealed =
      Seal(context, label, value, provider.sealing.at(ask.provider.unit.str())->public_key(),
           sender.SigningKey(desk.party.unit.str()))
          .value();
  SubjectHeader header{.request_id = label.seal_id,
                       .sender = desk.party,
                       .subject_verified = true,
                       .sealed_digest = ParseSealed(sealed)->digest};
  ask.subject = storage::SubjectRecord{
      sealed, true, SignSubjectHeader(header, sender.SigningKey(desk.party.unit.str())),
      stamp.request_id};
  return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->Create(As(desk), stamp, std::move(ask), std::move(reply));
  });
}

Answer World::Release(const ExchangeResult& to, const std::vector<Released>& fields,
                      const std::string& regime, const std::string& category) {
  const storage::ExchangeRecord& exchange = to.exchange;
  const auto& provider = PartnerOf(exchange.provider_desk.oin);
  const auto& recipient = PartnerOf(exchange.recipient_desk.oin);
  const SealContext context{.sender = exchange.provider_desk,
                            .recipient = exchange.recipient_desk,
                            .case_id = exchange.case_id.hex(),
                            .purpose = exchange.purpose};
  ReleaseHeader header;
  header.exchange = exchange.id;
  header.regime = regime;
  header.subject_category = category;
  Answer answer;
  answer.exchange = exchange.id;
  for (const Released& field : fields) {
    FieldLabel label{
        .schema = "release",
        .field = field.field,
        .legal_basis = exchange.basis,
        .created = absl::FromUnixSeconds(absl::ToUnixSeconds(clock.Now())),
        .expires = absl::FromUnixSeconds(absl::ToUnixSeconds(clock.Now() + absl::Hours(24 * 14)))};
    const BytesView id = exchange.id.bytes();
    std::copy(id.begin(), id.end(), label.seal_id.begin());
    answer.sealed_fields.push_back(
        Seal(context, label, field.content,
             recipient.sealing.at(exchange.recipient_desk.unit.str())->public_key(),
             provider.SigningKey(exchange.provider_desk.unit.str()))
            .value());
    header.fields.push_back(
        {field.field, field.form, ParseSealed(answer.sealed_fields.back())->digest});
  }
  answer.header = EncodeReleaseHeader(header).value();
  answer.signature =
      SignReleaseHeader(answer.header, provider.SigningKey(exchange.provider_desk.unit.str()));
  return answer;
}

absl::StatusOr<ExchangeResult> World::AnswerWith(const Desk& desk, const Answer& answer) {
  return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->AnswerOne(As(desk), Stamp("AnswerExchange"), answer, std::move(reply));
  });
}

std::vector<Released> World::PoliceAnswer() const {
  return {{"p-naam", "exact", "Test Persoon"},
          {"pand-adres", "exact", "Dorpsstraat 1"},
          {"ant-politiemelding", "generalised", "2026: 3 meldingen"}};
}

ExchangeResult World::Answered() {
  const ExchangeResult asked =
      *CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  return *AnswerWith(Analyst(), Release(asked, PoliceAnswer()));
}

ExchangeResult World::Collected() {
  const ExchangeResult answered = Answered();
  return *Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->ConfirmOpening(As(Oov()), Stamp("ConfirmOpening"), answered.exchange.id,
                            std::move(reply));
  });
}

std::string World::Open(const DeliveryResult& delivery, const Desk& desk, std::size_t field) {
  const storage::ExchangeRecord& exchange = delivery.exchange.exchange;
  const SealContext context{.sender = exchange.provider_desk,
                            .recipient = exchange.recipient_desk,
                            .case_id = exchange.case_id.hex(),
                            .purpose = exchange.purpose};
  const auto opened = OpenSealed(delivery.content.sealed_fields.at(field), context,
                                 *PartnerOf(desk.party.oin).sealing.at(desk.party.unit.str()),
                                 PartnerOf(exchange.provider_desk.oin)
                                     .SigningKey(exchange.provider_desk.unit.str())
                                     .public_key(),
                                 clock.Now());
  if (!opened.ok()) return ReasonOf(opened.status());
  return std::string(opened->content.Reveal(SecretAccess::ForTest()));
}

std::vector<std::string> World::LeavesOf(const ExchangeId& id) {
  const auto reader = store.Snapshot().value();
  const auto exchange = reader->FindExchange(id).value();
  std::vector<std::string> kinds;
  for (const std::uint64_t index : exchange->leaves) {
    const Bytes bytes = reader->ReadLeaves(index, index + 1).value().front();
    kinds.push_back(tlog::KindName(tlog::DecodeLeaf(bytes, index)->kind));
  }
  return kinds;
}

int World::Count(tlog::LeafKind kind) {
  const auto reader = store.Snapshot().value();
  const std::uint64_t size = reader->ReadHead()->size;
  int count = 0;
  const std::vector<Bytes> leaves = reader->ReadLeaves(0, size).value();
  for (std::uint64_t i = 0; i < size; ++i)
    count += tlog::DecodeLeaf(leaves[i], i)->kind == kind ? 1 : 0;
  return count;
}

void World::CheckReceipts(const Receipts& receipts) {
  EXPECT_FALSE(receipts.empty());
  for (const journal::CommittedLeaf& leaf : receipts) {
    const auto verified = tlog::VerifyReceipt(leaf.receipt, Trust(), clock.Now());
    ASSERT_OK(verified.status());
    EXPECT_EQ(verified->index, leaf.index);
    EXPECT_EQ(verified->leaf.kind, leaf.kind);
  }
}

}  // namespace sluis::exchange::testing
