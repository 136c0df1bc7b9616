"""What a combination is: tractor, rigid, trailer, axle group, engine, motor, battery, gearbox, tyre, coupling."""
