#include "clients/lib/index/index_builder.h"

#include <atomic>

#include "absl/strings/str_format.h"
#include "clients/lib/index/batch_pool.h"
#include "clients/lib/index/index_merge.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/batch.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kIdSize = 16;
// Files that are read at once when batches are merged: well below what a process may hold open.
constexpr std::size_t kMaxMerged = 256;

absl::Status BadRows(const SubjectsRead& read) {
  std::vector<FieldViolation> rows;
  for (const BadRow& row : read.first_bad) {
    const std::string place =
        row.lines > 1 ? absl::StrFormat("lines %d-%d", row.line, row.line + row.lines - 1)
                      : absl::StrFormat("line %d", row.line);
    rows.push_back({row.column.empty() ? place : place + ", column " + row.column, row.code});
  }
  if (read.bad > rows.size()) {
    rows.push_back({"further rows", absl::StrFormat("%d more", read.bad - rows.size())});
  }
  return InvalidFields("REGISTER_BAD_ROWS", std::move(rows));
}

absl::Status NothingToEnrol(const identity::Register& entry) {
  return Error(ErrorCode::kPrecondition, "NOTHING_TO_ENROL",
               absl::StrFormat("no row of the file has regime %s and a subject of the kinds of "
                               "register %s; correct the mapping, or drop the index",
                               entry.regime, entry.id));
}

absl::StatusOr<IndexScope> ScopeOf(const identity::Register& entry) {
  IndexScope scope{entry.regime, {}};
  for (const std::string& name : entry.kinds) {
    SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(name));
    scope.kinds.insert(kind);
  }
  return scope;
}

}  // namespace

EnrolProgress IndexBuilder::At(EnrolProgress::Step step) const {
  return {step, report_.read.rows, report_.kept + report_.added, subjects_.size()};
}

absl::StatusOr<EnrolReport> IndexBuilder::Run(v1::RegisterMapping mapping,
                                              const std::filesystem::path& folder,
                                              const EnrolOptions& options) {
  using Step = EnrolProgress::Step;
  SLUIS_ASSIGN_OR_RETURN(trust_, party_.pseudonyms());
  SLUIS_ASSIGN_OR_RETURN(IndexScope scope, ScopeOf(entry_));
  SLUIS_ASSIGN_OR_RETURN(const auto reader,
                         SubjectReader::Open(std::move(mapping), folder, std::move(scope)));
  SLUIS_ASSIGN_OR_RETURN(index_, IndexFolder::Open(party_, entry_.id));
  SLUIS_ASSIGN_OR_RETURN(const auto lock, index_->TryBuilding());
  if (!lock) {
    return Error(ErrorCode::kAborted, "INDEX_BUSY",
                 "another process is enrolling this register; wait until it is done");
  }
  SLUIS_ASSIGN_OR_RETURN(report_.read, reader.Read(
                                           [&](const Subject& one) {
                                             subjects_.Add(one.kind(),
                                                           one.value(SecretAccess::ForCrypto()));
                                             return absl::OkStatus();
                                           },
                                           [&](std::uint64_t rows) {
                                             options.progress({Step::kChecking, rows, 0, 0});
                                           }));
  if (report_.read.bad > 0 && !options.skip_bad) return BadRows(report_.read);
  subjects_.Sort();
  if (subjects_.size() == 0) return NothingToEnrol(entry_);
  SLUIS_RETURN_IF_ERROR(LoadBefore());
  SLUIS_RETURN_IF_ERROR(TakeUp());
  options.progress(At(Step::kEnrolling));
  if (subjects_.ticked() < subjects_.size()) {
    SLUIS_RETURN_IF_ERROR(BeginBuilding());
    SLUIS_RETURN_IF_ERROR(EnrolMissing(reader, options));
  }
  options.progress(At(Step::kWriting));
  SLUIS_RETURN_IF_ERROR(CompactBatches());
  SLUIS_RETURN_IF_ERROR(CutOver());
  return report_;
}

// What another epoch or another key set left is of no use; what is half counts for nothing.
absl::Status IndexBuilder::LoadBefore() {
  const Bytes key_set = ToBytes(trust_->key_set.digest());
  SLUIS_ASSIGN_OR_RETURN(const auto manifest, index_->Manifest());
  SLUIS_ASSIGN_OR_RETURN(before_.building, index_->Building());
  // Ended between cut-over and tidying up.
  const bool finished =
      manifest && before_.building && manifest->enrolment() == before_.building->enrolment();
  if (before_.building && (finished || before_.building->epoch() != entry_.epoch ||
                           before_.building->key_set() != key_set)) {
    SLUIS_RETURN_IF_ERROR(index_->RemoveBuilding());
    before_.building.reset();
  }
  if (manifest && manifest->epoch() == entry_.epoch && manifest->key_set() == key_set) {
    before_.manifest = manifest;
  }
  return index_->RemoveOthers(manifest, before_.building);
}

absl::Status IndexBuilder::TickFile(const RecordFile& file) {
  return ForEachRecord(file, [this](BytesView record) {
    subjects_.TickOff(KindOf(record), ValueOf(record));
    return absl::OkStatus();
  });
}

absl::Status IndexBuilder::TakeUp() {
  if (before_.manifest) {
    SLUIS_ASSIGN_OR_RETURN(const RecordFile file, index_->OpenIndex(*before_.manifest));
    SLUIS_RETURN_IF_ERROR(TickFile(file));
    before_.kept_of_index = subjects_.ticked();
    report_.dropped = file.records() - before_.kept_of_index;
  }
  if (before_.building) {
    SLUIS_ASSIGN_OR_RETURN(const auto batches, index_->Batches(*before_.building));
    for (const std::uint32_t number : batches) {
      SLUIS_ASSIGN_OR_RETURN(const RecordFile file, index_->OpenBatch(*before_.building, number));
      SLUIS_RETURN_IF_ERROR(TickFile(file));
      numbers_.insert(number);
    }
  }
  report_.kept = subjects_.ticked();
  return absl::OkStatus();
}

absl::Status IndexBuilder::BeginBuilding() {
  if (before_.building) return absl::OkStatus();
  v1::IndexBuilding building;
  building.set_register_(entry_.id);
  building.set_epoch(entry_.epoch);
  building.set_key_set(ToBytes(trust_->key_set.digest()));
  building.set_enrolment(RandomBytes(kIdSize));
  building.mutable_start_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()));
  SLUIS_RETURN_IF_ERROR(index_->WriteBuilding(building));
  before_.building = std::move(building);
  return absl::OkStatus();
}

std::uint32_t IndexBuilder::NextNumber() {
  std::uint32_t number = 1;
  for (const std::uint32_t taken : numbers_) {
    if (taken != number) break;
    ++number;
  }
  numbers_.insert(number);
  return number;
}

absl::Status IndexBuilder::StoreBatch(BatchEvaluator& evaluator, const SubjectBatch& batch) const {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes records, evaluator.Evaluate(batch));
  SLUIS_ASSIGN_OR_RETURN(RecordWriter writer, index_->CreateBatch(*before_.building, batch.number));
  const BytesView all = records.Reveal(SecretAccess::ForStorage());
  for (std::size_t at = 0; at < all.size(); at += kIndexRecordSize) {
    SLUIS_RETURN_IF_ERROR(writer.Add(all.substr(at, kIndexRecordSize)));
  }
  return writer.Finish();
}

absl::Status IndexBuilder::Stopped(const absl::Status& failure) const {
  const bool quota = ReasonOf(failure) == "E_QUOTA";
  if (!quota && !absl::IsUnavailable(failure)) return failure;
  const std::uint64_t done = report_.kept + report_.added;
  return Error(
      quota ? ErrorCode::kExhausted : ErrorCode::kUnavailable, ReasonOf(failure),
      absl::StrFormat("%s; %d of %d subjects are enrolled and kept: run it again later, and "
                      "it goes on from there",
                      MessageOf(failure), done, subjects_.size()),
      {{"done", absl::StrFormat("%d", done)}, {"total", absl::StrFormat("%d", subjects_.size())}});
}

absl::Status IndexBuilder::EnrolMissing(const SubjectReader& reader, const EnrolOptions& options) {
  SLUIS_ASSIGN_OR_RETURN(const auto d_index,
                         pseudonym::Domain::Index(static_cast<std::uint32_t>(entry_.epoch),
                                                  pseudonym::Party::Of(party_.party()), entry_.id));
  pseudonym::EnrolmentId enrolment;
  std::copy_n(before_.building->enrolment().begin(), enrolment.size(), enrolment.begin());
  BatchEvaluator evaluator({pseudonym::Party::Of(party_.party()), party_.signing(), *trust_,
                            commitments_, d_index, enrolment, clock_},
                           port_);
  std::atomic<std::uint64_t> stored = 0;
  BatchPool pool([&](const SubjectBatch& batch) {
    SLUIS_RETURN_IF_ERROR(StoreBatch(evaluator, batch));
    stored += batch.subjects.size();
    return absl::OkStatus();
  });
  std::map<SubjectKind, SubjectBatch> open;
  const auto submit = [&](SubjectBatch& batch) {
    batch.number = NextNumber();
    const absl::Status submitted = pool.Submit(std::exchange(batch, {}));
    report_.added = stored;
    options.progress(At(EnrolProgress::Step::kEnrolling));
    return submitted;
  };
  const auto take = [&](const Subject& one) {
    switch (subjects_.TickOff(one.kind(), one.value(SecretAccess::ForCrypto()))) {
      case SubjectSet::Tick::kAgain:
        return absl::OkStatus();
      case SubjectSet::Tick::kUnknown:
        return SourceChanged();
      case SubjectSet::Tick::kFirst:
        break;
    }
    SubjectBatch& batch = open[one.kind()];
    batch.kind = one.kind();
    batch.subjects.push_back(one.Clone());
    return batch.subjects.size() == pseudonym::kMaxBatch ? submit(batch) : absl::OkStatus();
  };
  const auto read = reader.Read(take, nullptr);
  absl::Status ended = read.status();
  for (auto& [kind, batch] : open) {
    if (ended.ok() && !batch.subjects.empty()) ended = submit(batch);
  }
  const absl::Status finished = pool.Finish();
  report_.added = stored;
  options.progress(At(EnrolProgress::Step::kEnrolling));
  if (!finished.ok()) return Stopped(finished);
  SLUIS_RETURN_IF_ERROR(ended);
  // Batches take longer than reading: the file may have been written meanwhile.
  SLUIS_RETURN_IF_ERROR(reader.CheckUnchanged());
  return read->digest == report_.read.digest ? absl::OkStatus() : SourceChanged();
}

// Very many batches are first merged into fewer, so that never too many files are open. Whatever of
// it a crash leaves holds the same records twice, which the last merge takes once.
absl::Status IndexBuilder::CompactBatches() {
  if (!before_.building) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(auto batches, index_->Batches(*before_.building));
  while (batches.size() > kMaxMerged) {
    std::vector<RecordFile> files;
    for (std::size_t i = 0; i < kMaxMerged; ++i) {
      SLUIS_ASSIGN_OR_RETURN(auto file, index_->OpenBatch(*before_.building, batches[i]));
      files.push_back(std::move(file));
    }
    const std::uint32_t merged = NextNumber();
    SLUIS_ASSIGN_OR_RETURN(auto writer, index_->CreateBatch(*before_.building, merged));
    SLUIS_RETURN_IF_ERROR(MergeRecords(
        files, [](BytesView) { return true; }, writer));
    SLUIS_RETURN_IF_ERROR(writer.Finish());
    for (std::size_t i = 0; i < kMaxMerged; ++i) {
      SLUIS_RETURN_IF_ERROR(index_->RemoveBatch(*before_.building, batches[i]));
    }
    batches.erase(batches.begin(), batches.begin() + kMaxMerged);
    batches.push_back(merged);
  }
  return absl::OkStatus();
}

absl::Status IndexBuilder::CutOver() {
  std::vector<RecordFile> files;
  v1::IndexManifest manifest;
  if (before_.manifest) {
    SLUIS_ASSIGN_OR_RETURN(auto file, index_->OpenIndex(*before_.manifest));
    files.push_back(std::move(file));
    manifest.set_enrolment(before_.manifest->enrolment());
  }
  if (before_.building) {
    SLUIS_ASSIGN_OR_RETURN(const auto batches, index_->Batches(*before_.building));
    for (const std::uint32_t number : batches) {
      SLUIS_ASSIGN_OR_RETURN(auto file, index_->OpenBatch(*before_.building, number));
      files.push_back(std::move(file));
    }
    manifest.set_enrolment(before_.building->enrolment());
  }
  manifest.set_register_(entry_.id);
  manifest.set_epoch(entry_.epoch);
  manifest.set_regime(entry_.regime);
  for (const std::string& kind : entry_.kinds) manifest.add_kinds(kind);
  manifest.set_key_set(ToBytes(trust_->key_set.digest()));
  manifest.set_generation(RandomBytes(kIdSize));
  manifest.mutable_create_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()));
  SLUIS_ASSIGN_OR_RETURN(RecordWriter writer, index_->CreateIndex(manifest));
  SLUIS_RETURN_IF_ERROR(MergeRecords(
      files,
      [this](BytesView record) { return subjects_.Contains(KindOf(record), ValueOf(record)); },
      writer));
  SLUIS_RETURN_IF_ERROR(writer.Finish());
  manifest.set_subjects(static_cast<std::int64_t>(writer.records()));
  report_.subjects = writer.records();
  SLUIS_RETURN_IF_ERROR(index_->WriteManifest(manifest));
  SLUIS_RETURN_IF_ERROR(index_->RemoveBuilding());
  return index_->RemoveOthers(manifest, std::nullopt);
}

}  // namespace sluis::edge
