package dev.muster.balancer.route;

import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.request.Site;

/// A virtual server, ready to serve.
///
/// @param name the first of its names, or where it stands in the configuration
/// @param root what holds before a location is found, and if none is
/// @param locations where requests go by their paths
/// @param site what requests know of it
public record VirtualServer(String name, Location root, Locations locations, Site site) {}
