// Makes and renews the index of a register (pseudonyms.md §11.1). It can end at any point, by a
// crash too: the next run takes up every batch that was verified and stored, and sends only what is
// missing. The old index serves until the new one is complete.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/index/batch_evaluator.h"
#include "clients/lib/index/enrolment_port.h"
#include "clients/lib/index/index_folder.h"
#include "clients/lib/index/subject_reader.h"
#include "clients/lib/index/subject_set.h"
#include "clients/lib/party_folder.h"
#include "lib/base/clock.h"
#include "lib/identity/partner.h"

namespace sluis::edge {

struct EnrolProgress {
  enum class Step { kChecking, kEnrolling, kWriting };
  Step step = Step::kChecking;
  std::uint64_t rows = 0;  // read, while checking
  std::uint64_t done = 0;  // subjects, of `total`
  std::uint64_t total = 0;
};

struct EnrolOptions {
  bool skip_bad = false;
  // Called by the thread that builds.
  std::function<void(const EnrolProgress&)> progress = [](const EnrolProgress&) {};
};

struct EnrolReport {
  SubjectsRead read;
  std::uint64_t subjects = 0;  // in the index now
  std::uint64_t added = 0;     // sent by this run
  std::uint64_t kept = 0;      // from the index before, or a run that was cut off
  std::uint64_t dropped = 0;   // no longer in the register
};

// One run. One thread; several processes exclude each other.
class IndexBuilder {
 public:
  // All outlive it.
  IndexBuilder(const PartyFolder& party, const identity::Register& entry, EnrolmentPort& port,
               pseudonym::CommitmentStore& commitments, const Clock& clock)
      : party_(party), entry_(entry), port_(port), commitments_(commitments), clock_(clock) {}

  // INDEX_BUSY while another process builds it; REGISTER_BAD_ROWS with a violation per row (at most
  // 100, then a count) and nothing sent, unless skip_bad; NOTHING_TO_ENROL; E_QUOTA and UNAVAILABLE
  // with metadata `done` and `total`: what was done is kept; SOURCE_CHANGED; the errors of
  // SubjectReader, BatchEvaluator and the port.
  absl::StatusOr<EnrolReport> Run(v1::RegisterMapping mapping, const std::filesystem::path& folder,
                                  const EnrolOptions& options);

 private:
  struct Before {
    std::optional<v1::IndexManifest> manifest;  // nothing if it is of no use now
    std::optional<v1::IndexBuilding> building;
    std::uint64_t kept_of_index = 0;
  };
  absl::Status LoadBefore();
  absl::Status TakeUp();
  absl::Status TickFile(const RecordFile& file);
  absl::Status BeginBuilding();
  absl::Status EnrolMissing(const SubjectReader& reader, const EnrolOptions& options);
  absl::Status StoreBatch(BatchEvaluator& evaluator, const SubjectBatch& batch) const;
  absl::Status Stopped(const absl::Status& failure) const;
  absl::Status CompactBatches();
  absl::Status CutOver();
  std::uint32_t NextNumber();
  EnrolProgress At(EnrolProgress::Step step) const;

  const PartyFolder& party_;
  const identity::Register& entry_;
  EnrolmentPort& port_;
  pseudonym::CommitmentStore& commitments_;
  const Clock& clock_;
  const PseudonymTrust* trust_ = nullptr;
  std::optional<IndexFolder> index_;
  Before before_;
  std::set<std::uint32_t> numbers_;  // of batches, stored or under way
  SubjectSet subjects_;
  EnrolReport report_;
};

}  // namespace sluis::edge
