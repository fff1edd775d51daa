// Sorted record files merged into one, in constant memory: one block of each at a time.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "clients/lib/index/record_file.h"

namespace sluis::edge {

// Every record of a file, in its order; ends at the first status that is not OK.
absl::Status ForEachRecord(const RecordFile& file,
                           const std::function<absl::Status(BytesView record)>& visit);

// Records for which `keep` holds, each key once, into `out`, which is finished by the caller.
absl::Status MergeRecords(const std::vector<RecordFile>& files,
                          const std::function<bool(BytesView record)>& keep, RecordWriter& out);

}  // namespace sluis::edge
