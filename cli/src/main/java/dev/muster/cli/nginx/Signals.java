package dev.muster.cli.nginx;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/// The signals that nginx is driven by.
///
/// The JVM keeps QUIT to itself (it prints all threads) and lets nobody else have it. So the
/// launcher starts it with these signals blocked in every thread, which are then waited for
/// (POSIX `sigwait`); one that comes early waits, too. Where the launcher cannot, those are heard
/// that the JDK gives away, and URG stands for QUIT.
enum Signals {
  HUP(1),
  INT(2),
  QUIT(3),
  USR1(10),
  USR2(12),
  TERM(15);

  /// More than any system's `sigset_t`.
  private static final int SET_BYTES = 1024;

  private final int number;

  Signals(int number) {
    this.number = number;
  }

  /// Hears all signals from now on, on a thread of its own.
  ///
  /// @param areBlocked whether the launcher blocked them; their numbers are Linux's
  static void hear(boolean areBlocked, PrintStream complaints, Consumer<Signals> action) {
    if (areBlocked) {
      Thread.ofPlatform().daemon().name("signals").start(() -> awaitAll(complaints, action));
    } else {
      for (Signals each : List.of(HUP, USR1, QUIT)) {
        hearByJdk(each == QUIT ? "URG" : each.name(), complaints, () -> action.accept(each));
      }
    }
  }

  @SuppressWarnings("restricted") // the launcher enables native access
  private static void awaitAll(PrintStream complaints, Consumer<Signals> action) {
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      SymbolLookup symbols = linker.defaultLookup();
      var oneSet = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
      var withNumber = oneSet.appendArgumentLayouts(ValueLayout.JAVA_INT);
      var withPlace = oneSet.appendArgumentLayouts(ValueLayout.ADDRESS);
      MemorySegment set = arena.allocate(SET_BYTES);
      MemorySegment place = arena.allocate(ValueLayout.JAVA_INT);
      MethodHandle clear = linker.downcallHandle(symbols.findOrThrow("sigemptyset"), oneSet);
      MethodHandle add = linker.downcallHandle(symbols.findOrThrow("sigaddset"), withNumber);
      MethodHandle await = linker.downcallHandle(symbols.findOrThrow("sigwait"), withPlace);
      int failure = (int) clear.invokeExact(set);
      for (Signals each : values()) {
        failure |= (int) add.invokeExact(set, each.number);
      }
      while (failure == 0) {
        failure = (int) await.invokeExact(set, place);
        int number = place.get(ValueLayout.JAVA_INT, 0);
        for (Signals each : values()) {
          if (each.number == number) {
            action.accept(each);
          }
        }
      }
      complaints.println("nginx: [alert] signals are no longer heard: " + failure);
    } catch (Throwable e) { // what MethodHandle may throw
      complaints.println("nginx: [alert] signals are not heard: " + e);
    }
  }

  private static void hearByJdk(String signalName, PrintStream complaints, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, arguments) -> {
                if (!method.getName().equals("handle")) {
                  return method.invoke(action, arguments);
                }
                action.run();
                return null;
              });
      Object wanted = signal.getConstructor(String.class).newInstance(signalName);
      signal.getMethod("handle", signal, handler).invoke(null, wanted, ours);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      complaints.println("nginx: [warn] the signal " + signalName + " is not heard: " + e);
    }
  }
}
