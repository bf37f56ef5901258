/// What the services share: documents kept by id in a relational database, errors as problem
/// details, health, and registration with a Consul agent.
@NullMarked
package dev.muster.services.starter;

import org.jspecify.annotations.NullMarked;
