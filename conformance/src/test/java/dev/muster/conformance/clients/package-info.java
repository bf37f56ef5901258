/// Clients of Consul that others wrote, against a server in a process of its own.
///
/// Those from Maven Central run in every build. The others are programs of the machine: where one
// is
/// missing its test is skipped, unless the environment says `MUSTER_CLIENTS=required`, as the build
/// on a bare machine does after it has installed them.
@NullMarked
package dev.muster.conformance.clients;

import org.jspecify.annotations.NullMarked;
