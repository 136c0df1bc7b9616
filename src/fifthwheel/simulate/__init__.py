"""The combination on the road: longitudinal trips with a closed energy balance."""
