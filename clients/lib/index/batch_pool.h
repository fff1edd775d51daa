// Two batches at a time: what is blinded and verified keeps two cores busy, while one batch is on
// its way.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "clients/lib/index/batch_evaluator.h"
#include "lib/base/mutex.h"

namespace sluis::edge {

// Driven by one thread. Ends its workers when it goes.
class BatchPool {
 public:
  // `work` is called by several threads.
  explicit BatchPool(std::function<absl::Status(const SubjectBatch&)> work);
  ~BatchPool();
  BatchPool(const BatchPool&) = delete;
  BatchPool& operator=(const BatchPool&) = delete;

  // Waits while all workers are busy. The first error of any batch before.
  absl::Status Submit(SubjectBatch batch);
  // Waits for what was submitted.
  absl::Status Finish();

 private:
  void Work();
  std::function<absl::Status(const SubjectBatch&)> work_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<SubjectBatch> waiting_ SLUIS_GUARDED_BY(mutex_);
  std::size_t busy_ SLUIS_GUARDED_BY(mutex_) = 0;
  bool ending_ SLUIS_GUARDED_BY(mutex_) = false;
  absl::Status failure_ SLUIS_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace sluis::edge
