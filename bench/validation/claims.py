"""What the validation book claims. Each claim is measured by tests of tests/physics, which the book runs and does not repeat.

Keys: title; claim; source (of the reference); tests (program of build/release/tests, or script of tests/physics, and which of its
tests; none: all); curve (a test whose values are drawn against the reference); long (left out unless it is named, or all are)."""
MG = "magnesium_block_equals_the_jahr_stevens_table"

CLAIMS = {
    "magnesium_block": dict(
        title="Block of NMDA receptors by magnesium",
        claim="The share of open NMDA receptors that magnesium leaves free depends on voltage and concentration as published.",
        source="Jahr & Stevens 1990, J Neurosci 10:3178, their function B(V) for 1 mM, tabulated at ten voltages; half of the channels are "
               "blocked at -20.525 mV.",
        tests=[("test_physics_receptors", [MG, "half_of_the_channels_are_blocked_at_minus_20_525_mV", "without_magnesium_nothing_is_blocked"])],
        curve=MG),
    "competitive_block": dict(
        title="Block by ketamine, in competition with magnesium",
        claim="A level of ketamine blocks the published share of NMDA receptors of each GluN2 subunit; magnesium shifts the IC50 of a drug in "
              "the pore, and depolarisation lets the drug out.",
        source="IC50 in 1 mM magnesium: Kotermanski & Johnson 2009, J Neurosci 29:2774; competition in closed form.",
        tests=[("test_physics_drug_action", ["a_therapeutic_level_blocks_a_tenth_of_2A_and_2B_and_a_third_of_2C",
                                             "half_is_left_at_the_IC50_and_a_ceiling_holds", "magnesium_shifts_the_IC50_of_a_drug_in_the_pore",
                                             "the_receptors_own_magnesium_can_be_asked_for", "depolarisation_lets_the_drug_out"])],
        curve="a_therapeutic_level_blocks_a_tenth_of_2A_and_2B_and_a_third_of_2C"),
    "trapping": dict(
        title="Trapping block",
        claim="A trapped drug enters and leaves only through open channels: block comes and goes with use, and by voltage and subunit.",
        source="The rate equations of the scheme, solved in closed form in the test.",
        tests=[("test_physics_drug_action", ["trapping_block_comes_and_goes_with_use", "trapped_drug_leaves_by_voltage_and_subunit"])]),
    "pharmacokinetics": dict(
        title="From a dose to a concentration",
        claim="Infusions, boluses and oral doses give the concentrations of the published models; compartments equal their closed forms, "
              "keep what was given, and do not depend on how time is cut.",
        source="Kamp et al. 2020, Domino et al. 1984, Fanta et al. 2015, Simons et al. 2022, recomputed from their constants by other programs.",
        tests=[("test_physics_kinetics", None)],
        curve="an_infusion_of_half_a_milligram_per_kilogram_follows_the_published_models"),
    "nmda_gate": dict(
        title="The saturating NMDA gate",
        claim="The gate in event form has the mean of its differential equations under Poisson input, and the published jumps.",
        source="The equations of Wang 2002, Neuron 36:955, integrated in small steps in the test; jumps by Simpson's rule.",
        tests=[("test_physics_nmda_gate", None)],
        curve="the_mean_gate_under_poisson_input_equals_the_equations"),
    "short_term_plasticity": dict(
        title="Short-term plasticity",
        claim="Depressing synapses give the published trace, and reach the steady state of the closed form.",
        source="Tsodyks & Markram, by the trace that NEST publishes for its model; steady state in closed form.",
        tests=[("test_physics_plasticity", ["depression_gives_nests_published_trace", "short_term_plasticity_reaches_its_steady_state"])],
        curve="depression_gives_nests_published_trace"),
    "pair_stdp": dict(
        title="Plasticity by pairs of spikes",
        claim="Additive, nearest-neighbour, power-law and inhibitory rules change each weight as Brian2 does under the same spikes.",
        source="Brian2, by tests/physics/references/plasticity.py.",
        tests=[("test_physics_plasticity", ["additive_pair_rule_is_brians", "nearest_pairs_between_additive_and_multiplicative_are_brians",
                                            "power_law_is_brians", "inhibitory_rule_is_brians"])],
        curve="additive_pair_rule_is_brians"),
    "triplet_rule": dict(
        title="Plasticity by triplets of spikes",
        claim="The triplet rule changes each weight as Brian2 does under the same spikes.",
        source="Pfister & Gerstner 2006, J Neurosci 26:9673, in Brian2, by tests/physics/references/plasticity.py.",
        tests=[("test_physics_plasticity", ["triplet_rule_is_brians"])], curve="triplet_rule_is_brians"),
    "calcium_rule": dict(
        title="Plasticity by calcium",
        claim="The calcium rule gives the weights of Brian2 without noise, and the published curves with it.",
        source="Graupner & Brunel 2012, PNAS 109:3991: closed form of its authors; Brian2, by tests/physics/references/plasticity.py.",
        tests=[("test_physics_plasticity", ["calcium_rule_without_noise_is_brians", "the_closed_form_of_the_calcium_rule_is_that_of_its_authors",
                                            "calcium_rule_gives_the_published_curves"])],
        curve="calcium_rule_without_noise_is_brians"),
    "partner_search": dict(
        title="Partner search against O(n^2)",
        claim="The search by boxes of space draws partners with the probabilities kernel x vacant elements over all partners.",
        source="The probabilities over all pairs, computed in the test; chi-square over 100,000 draws for each of 13 pairs of kernels. "
               "What is compared is the deviation of chi-square from its mean, in standard deviations.",
        tests=[("test_physics_partner_search", None)]),
    "brunel": dict(
        title="The four states of Brunel's network",
        claim="States A to D have the rates, irregularity and rhythms of an independent simulation, and C the rate of mean-field theory.",
        source="Brunel 2000, J Comput Neurosci 8:183; Siegert's formula, solved in the test.",
        tests=[("test_network_brunel.py", None)]),
    "vogels_abbott": dict(
        title="The network of Vogels and Abbott",
        claim="It fires at the rate and as irregularly as the same network in Brian2.",
        source="Vogels & Abbott 2005, J Neurosci 25:10786; Brian2, by tests/physics/references/network_vogels_abbott_brian2.py.",
        tests=[("test_network_vogels_abbott.py", None)]),
    "wang": dict(
        title="The decision circuit of Wang",
        claim="At rest, under a stimulus and after it, the pools have the rates of the same circuit in Brian2, and the favoured pool wins.",
        source="Wang 2002, Neuron 36:955; Brian2, which solves the gate's equations, by tests/physics/references/network_wang_brian2.py.",
        tests=[("test_network_wang.py", None)]),
    "set_point": dict(
        title="Structural set point",
        claim="A network without synapses wires itself until its cells fire at their target, on the way of the plainly written algorithm.",
        source="Butz & van Ooyen 2013, PLoS Comput Biol 9:e1003259; the algorithm in tests/physics/references/network_setpoint.py.",
        tests=[("test_network_setpoint.py", None)], long=True),
    "lesion": dict(
        title="Repair after a lesion",
        claim="Cells of a patch that lost its drive return to their target, and turnover is highest there.",
        source="Butz & van Ooyen 2013, PLoS Comput Biol 9:e1003259, in direction.",
        tests=[("test_network_lesion.py", None)], long=True),
    "engram": dict(
        title="Engrams by stimulation",
        claim="Cells that are stimulated together share more synapses, the more often the more, keep them, and fire as before.",
        source="Gallinaro, Gasparovic & Rotter 2022, PLoS Comput Biol 18:e1009836, in direction: bounds, not their figures.",
        tests=[("test_network_engram.py", None)], long=True),
    "clock": dict(
        title="Errors of a fast clock",
        claim="Where a second of the network stands for hours, a run's own estimate of the error is the true one, a tolerance is kept, and the "
              "time that it takes is known before.",
        source="A chain of rate, signal and synapses whose equations scipy solves to 1e-12, and a plain program of what a clock makes of "
               "them (bench/validation/clock/chain.py). Many runs: bench/validation/clock/prove.py.",
        tests=[("test_clock.py", None)]),
    "recovery": dict(
        title="From a dose to new synapses",
        claim="A dose is followed by a surge of firing, a fast and a slow signal, and new spines from the first night on that bring part of what "
              "stress took back within a day; not under saline, and not with translation blocked.",
        source="Order and times: Li et al. 2010, Science 329:959; Moda-Sava et al. 2019, Science 364:eaat8078; Caffino et al. 2024, "
               "Neuropharmacology 109767. Bounds, not their figures: sizes are assumptions of the scenario.",
        tests=[("test_growth_recovery.py", None)], long=True),
    "sonata_circuits": dict(
        title="Circuits of others in SONATA",
        claim="The published circuit of 300 cells gives the spikes that NEST's own test expects, and each cell the time of its first spike.",
        source="NEST's test of its SonataNetwork; Brian2, by tests/physics/references/sonata_300_brian2.py; an event-driven program, "
               "references/sonata_120_events.py.",
        tests=[("test_network_sonata_300.py", None), ("test_network_sonata_120.py", None)]),
}
