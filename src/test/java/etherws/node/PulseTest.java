package etherws.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class PulseTest {
  private final Loop first = new Loop();
  private final Loop second = new Loop();
  private final Loop clock = new Loop();
  private int signs;
  private final Pulse pulse = new Pulse(List.of(first, second), clock, () -> signs++);

  @Test
  void isFeltWhenAllLoopsHaveAnswered() {
    pulse.ask();
    first.turn();
    clock.turn();
    assertThat(signs).isZero();

    second.turn();
    assertThat(signs).isZero(); // the clock says it, and nobody else
    clock.turn();
    assertThat(signs).isEqualTo(1);

    beat();
    assertThat(signs).isEqualTo(2);
  }

  @Test
  void stopsWithALoopAndComesBackWithIt() {
    for (int i = 0; i < 3; i++) {
      pulse.ask();
      first.turn();
      clock.turn();
    }
    assertThat(signs).isZero();
    assertThat(second.tasks).hasSize(1); // it is not buried under questions

    second.turn();
    clock.turn();
    assertThat(signs).isEqualTo(1);
    beat();
    assertThat(signs).isEqualTo(2);
  }

  private void beat() {
    pulse.ask();
    first.turn();
    second.turn();
    clock.turn();
  }

  /** Works when it is told to. */
  private static final class Loop implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    void turn() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }
}
