package io.github.divio4j.upgrade.divio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedReadTest {

    @Test
    void oneAfterTheOtherEachReadsForItself() {
        AtomicInteger reads = new AtomicInteger();
        SharedRead<Integer> shared = new SharedRead<>(reads::incrementAndGet);

        assertThat(List.of(shared.get(), shared.get(), shared.get())).containsExactly(1, 2, 3);
    }

    @Test
    void nobodyGetsWhatWasBeingReadBeforeHeAsked() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SharedRead<Integer> shared = new SharedRead<>(() -> {
            int number = reads.incrementAndGet();
            underWay.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return number;
        });
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<Integer> first = threads.submit(shared::get);
            underWay.await();
            List<Future<Integer>> later = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                later.add(threads.submit(shared::get));
            }
            goOn.countDown();

            assertThat(first.get()).isEqualTo(1);
            for (Future<Integer> one : later) {
                assertThat(one.get()).isGreaterThan(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFailureReachesWhoAskedAndNobodyAfterHim() {
        AtomicInteger reads = new AtomicInteger();
        SharedRead<Integer> shared = new SharedRead<>(() -> {
            if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("no answer");
            }
            return reads.get();
        });

        assertThatThrownBy(shared::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no answer");
        assertThat(shared.get()).isEqualTo(2);
    }
}
