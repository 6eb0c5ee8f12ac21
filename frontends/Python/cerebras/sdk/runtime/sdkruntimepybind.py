# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The runtime and the layout builder."""
from spada.layout import (Color, Edge, Route, RoutingPosition, SdkCompileArtifacts, SdkExecutionPlatform, SdkLayout,
                          SdkTarget, SimfabConfig, get_edge_routing, get_platform)
from spada.runtime import SdkRuntime
from spada.words import MemcpyDataType, MemcpyOrder

__all__ = ["Color", "Edge", "MemcpyDataType", "MemcpyOrder", "Route", "RoutingPosition", "SdkCompileArtifacts",
           "SdkExecutionPlatform", "SdkLayout", "SdkRuntime", "SdkTarget", "SimfabConfig", "get_edge_routing",
           "get_platform"]
