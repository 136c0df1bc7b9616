"""The energy unit: who gives how much of one demand, engine, tractor motor or trailer axle, and which of them brakes."""
