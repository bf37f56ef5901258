package dev.muster.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// Ratis' properties. The reason for each is in `DESIGN.md`.
final class RatisSettings {

  private static final TimeDuration ALONE_TIMEOUT_MIN = millis(20);
  private static final TimeDuration ALONE_TIMEOUT_MAX = millis(60);
  private static final SizeInBytes ENTRY_BYTES_MAX = SizeInBytes.valueOf("4MB");
  private static final long PREALLOCATED_BYTES = 1L << 20;

  private RatisSettings() {}

  static RaftProperties of(RaftConfig config, Path log) {
    var properties = new RaftProperties();
    rpc(properties, config);
    elections(properties, config);
    log(properties, config, log);
    snapshots(properties, config);
    Read.setOption(properties, Read.Option.DEFAULT);
    Read.setLeaderLeaseEnabled(properties, false);
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.ONE_SECOND);
    RaftServerConfigKeys.setCloseThreshold(
        properties, TimeDuration.valueOf(Duration.ofDays(3650).toMillis(), TimeUnit.MILLISECONDS));
    return properties;
  }

  private static void rpc(RaftProperties properties, RaftConfig config) {
    GrpcConfigKeys.Server.setHost(properties, config.host());
    GrpcConfigKeys.Server.setPort(properties, config.port());
  }

  private static void elections(RaftProperties properties, RaftConfig config) {
    boolean alone = config.founders().size() <= 1;
    TimeDuration min = millis(config.elections().timeoutMin().toMillis());
    TimeDuration max = millis(config.elections().timeoutMax().toMillis());
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
        properties, alone ? ALONE_TIMEOUT_MIN : min);
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
        properties, alone ? ALONE_TIMEOUT_MAX : max);
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
  }

  private static void log(RaftProperties properties, RaftConfig config, Path log) {
    RaftServerConfigKeys.setStorageDir(properties, List.of(log.toFile()));
    long segment = config.snapshots().segmentBytes();
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(segment));
    RaftServerConfigKeys.Log.setPreallocatedSize(
        properties, SizeInBytes.valueOf(Math.min(segment, PREALLOCATED_BYTES)));
    RaftServerConfigKeys.Log.setCorruptionPolicy(properties, CorruptionPolicy.EXCEPTION);
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_BYTES_MAX);
    RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, millis(1));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
  }

  private static void snapshots(RaftProperties properties, RaftConfig config) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(
        properties, config.snapshots().entriesKept());
  }

  private static TimeDuration millis(long count) {
    return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
  }
}
