package dev.muster.agent;

import com.sun.management.OperatingSystemMXBean;
import dev.muster.consul.agent.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;

/// What the operating system says of the machine and of this process.
final class MachineFacts {
  private MachineFacts() {}

  /// Measured now.
  ///
  /// @param folder whose disk is told of
  static Surroundings.Host of(Path folder) {
    OperatingSystemMXBean system = system();
    try {
      FileStore disk = Files.getFileStore(folder);
      return new Surroundings.Host(
          name(),
          system.getName(),
          system.getVersion(),
          system.getArch(),
          system.getAvailableProcessors(),
          system.getTotalMemorySize(),
          system.getFreeMemorySize(),
          folder.toString(),
          disk.getTotalSpace(),
          disk.getUsableSpace());
    } catch (IOException e) {
      throw new UncheckedIOException("the disk of " + folder + " cannot be measured", e);
    }
  }

  static double processorSeconds() {
    return system().getProcessCpuTime() / 1e9;
  }

  private static OperatingSystemMXBean system() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }

  /// What requests through the balancer can ask of this machine. Blocks while its name is found.
  static dev.muster.balancer.request.Surroundings ofRequests() {
    return new dev.muster.balancer.request.Surroundings(
        InstantSource.system(),
        ZoneId.systemDefault(),
        new SecureRandom(),
        name(),
        ProcessHandle.current().pid());
  }

  private static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
