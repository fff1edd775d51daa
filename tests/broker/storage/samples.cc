#include "tests/broker/storage/samples.h"

#include "absl/strings/str_format.h"

namespace sluis::storage::testing {
namespace {

PartyId Party(std::string_view oin, std::string_view unit) {
  return {.oin = *Oin::Parse(oin), .unit = *UnitPath::Parse(unit)};
}

template <typename Id>
Id Numbered(std::uint32_t number) {
  std::array<std::uint8_t, 16> bytes{0xa5};
  for (std::size_t i = 0; i < 4; ++i) bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return Id::FromBytes(bytes);
}

HopRecord SampleHop(char byte) {
  return {.batch_response = Bytes(100, byte),
          .payload_digests = Bytes(64, byte),
          .signature = Bytes(64, 's'),
          .proof_digest = Bytes(32, 'd'),
          .sealed_proof = Bytes(900, 'p'),
          .commitments = {{.subject = "\1\1\1", .point = Bytes(32, 'c'), .signature = Bytes(64, 'g')}}};
}

}  // namespace

absl::Time At(int seconds) { return absl::FromUnixSeconds(1772445600) + absl::Seconds(seconds); }

PartyId Municipality() { return Party("00000099000000001000", "gemeente/oov"); }
PartyId Police() { return Party("00000099000000002000", "politie/opsporing"); }
PartyId Prosecution() { return Party("00000099000000003000", "om/parket"); }
PartyId Riec() { return Party("00000099000000004000", "riec/bureau"); }

CaseId CaseNumber(std::uint32_t number) { return Numbered<CaseId>(number); }
ExchangeId ExchangeNumber(std::uint32_t number) { return Numbered<ExchangeId>(number); }

CaseRecord SampleCase(std::uint32_t number, absl::Time created) {
  return {.id = CaseNumber(number),
          .holder = Municipality(),
          .phase = "verkenning",
          .open = true,
          .participants = {Municipality(), Police()},
          .create_time = created,
          .version = 7,
          .hits = {{.provider = Police(), .asker = Riec(), .exchange = ExchangeNumber(4), .position = 15, .time = At(8)},
                   {.provider = Riec(), .asker = Municipality(), .exchange = ExchangeNumber(5), .position = 0, .time = At(9)}}};
}

ExchangeRecord SampleExchange(std::uint32_t number, absl::Time created) {
  ExchangeRecord record;
  record.id = ExchangeNumber(number);
  record.owner = Municipality();
  record.action = "request";
  record.purpose = "bibob-onderzoek";
  record.basis = "wpg-16";
  record.provider = Police();
  record.recipient = Prosecution();
  record.provider_desk = Police();
  record.recipient_desk = Municipality();
  record.case_id = CaseNumber(1);
  record.case_phase = "verkenning";
  record.regime = "wpg-13";
  record.subject_category = "verdachte";
  record.fields = {"antecedenten", "signaal", ""};
  record.subset = true;
  record.emergency = true;
  record.requester = "medewerker-17";
  record.subject = SubjectRecord{.sealed = Bytes("\0sealed\xff", 8),
                                 .verified = true,
                                 .signature = Bytes(64, '\x81'),
                                 .request_id = "6f1c1a52-0d0e-4f53-9c6a-0a4b7c8d9e0f"};
  record.earlier = ExchangeNumber(9001);
  record.recall_kind = 2;
  record.time_to_live = absl::Hours(24 * 14) + absl::Nanoseconds(3);
  record.state = ExchangeState::kForwarded;
  record.decision = R"({"outcome":"PERMITTED"})";
  record.approvals = {{.role = "burgemeester",
                       .organisation = Municipality().oin,
                       .person = "medewerker-3",
                       .granted = true,
                       .time = created + absl::Seconds(5)},
                      {.role = "officier", .organisation = {}, .person = "", .granted = false, .time = created}};
  record.refusal_reason = 4;
  record.create_time = created;
  record.expire_time = created + absl::Hours(1);
  record.retain_until = "2027-03-02";
  record.recalled_by = ExchangeNumber(9002);
  record.answer_leaf = 0xfedcba9876543210;
  record.leaves = {3, 4, 0xffffffffffffffff};
  record.from_domain = CaseNumber(77);
  record.from_purpose = "riec-signaalweging";
  record.domain = CaseNumber(78);
  record.statement = Bytes("\0statement", 10);
  record.queue_reason = 2;
  record.release_refusal = "E_SESSION";
  record.register_name = "personen";
  record.subject_sent = true;
  record.positions = 256;
  return record;
}

MailboxRecord SampleMailbox(std::uint32_t exchange) {
  return {.exchange = ExchangeNumber(exchange),
          .header = Bytes("\0header", 7),
          .signature = Bytes(64, 's'),
          .sealed_fields = {Bytes("\0\1", 2), "", Bytes(70000, 'f')},
          .expire_time = At(99),
          .signed_requests = {Bytes("\0one", 4), Bytes(300, 't')},
          .statement = Bytes("\0statement", 10),
          .transcryptions = {{.first = SampleHop('a'), .second = SampleHop('b')}},
          .question = QuestionRecord{.signed_request = Bytes("\0ask", 4),
                                     .statement = Bytes(200, 'q'),
                                     .transcryption = TranscryptionRecord{SampleHop('c'), SampleHop('d')}}};
}

LiveSessionRecord SampleSession(const PartyId& party, std::string_view session, absl::Time issued, absl::Time end) {
  return {.party = party, .context = Bytes("\1\1\0", 3) + Bytes(session), .issued = issued, .end = end};
}

WeighingTableRecord SampleWeighingTable(std::uint32_t domain, std::string_view quarter) {
  return {.domain = CaseNumber(domain), .riec = Riec().oin, .quarter = std::string(quarter), .create_time = At(1)};
}

ErrandRecord SampleErrand(std::string_view queue, std::string_view id) {
  return {.queue = std::string(queue), .id = std::string(id), .body = Bytes("\0body", 5), .create_time = At(2)};
}

ArrangementRecord SampleArrangement(std::string_view id, std::int64_t serial) {
  return {.id = std::string(id),
          .serial = serial,
          .statement = absl::StrFormat(R"({"id":"%s","serial":%d})", id, serial),
          .signatures = {{Municipality(), Bytes(64, 'm')}, {Police(), Bytes("\0p", 2)}},
          .organisations = {Municipality().oin, Police().oin}};
}

RequestKey SampleKey(std::uint32_t number) {
  return {.organisation = Municipality().oin,
          .method = "CreateExchange",
          .request_id = absl::StrFormat("00000000-0000-4000-8000-%012d", number)};
}

RequestRecord SampleRequest(std::string_view answer, absl::Time time) {
  RequestRecord record{.content = {}, .answer = std::string(answer), .leaves = {1, 0xffffffffffffffff}, .time = time};
  record.content.fill(0x5c);
  return record;
}

Bytes SampleLeaf(std::uint64_t index) {
  Bytes leaf = absl::StrFormat("leaf %d", index);
  leaf.resize(192, '\0');
  return leaf;
}

LogRecord SampleLogRecord(std::uint64_t index) {
  Bytes salt = absl::StrFormat("salt %d", index);
  salt.resize(32, '\0');
  return {.sealed = absl::StrFormat("record %d", index) + Bytes(600, '\xee'), .salt = salt};
}

Bytes SampleHashes(int count) {
  Bytes hashes;
  for (int i = 0; i < count; ++i) hashes += absl::StrFormat("%032d", i);
  return hashes;
}

LogHead SampleHead(std::uint64_t size) {
  LogHead head{.size = size, .root = {}, .note = absl::StrFormat("note of %d\n", size)};
  head.root.fill(static_cast<std::uint8_t>(size));
  return head;
}

}  // namespace sluis::storage::testing
