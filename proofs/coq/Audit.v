(** * What the theorems rest on

    Each list names theorems of this development; [Print Assumptions] prints every axiom that any of
    their proofs uses, through whatever lemmas.  The output of compiling this file is compared with
    Audit.golden: nothing of ours, and from the standard library at most

      ClassicalDedekindReals.sig_forall_dec, sig_not_dec     the real numbers
      FunctionalExtensionality.functional_extensionality_dep the real numbers
      Classical_Prop.classic                                 the mean value theorem, Flocq

    So an Admitted, or an Axiom, anywhere below a theorem that is listed here is seen. *)

From Coq Require Import List.
Import ListNotations.
From Shrinkproof Require Vectors Probability Process Smooth Foundations GradientStep Sgd OneStep Drift
  Nonconvex PolyakLojasiewicz Diminishing Floors Distance Values Convex Quantized QuantizedRates
  RoundingCells Rounding EndToEnd Formats Counterexamples BiasFloor Inhabited InhabitedFormats
  Filtration RuleCombine Rules Agreement Correspondence.

Inductive proved : Type := | holds {A : Prop} (proof : A).

(** The statements of the Python library, as printed (Statements.v). *)
Definition printed_statements : list proved :=
  [ holds (@Correspondence.descent_lemma)
  ; holds (@Correspondence.gradient_bound)
  ; holds (@Correspondence.strong_convexity_implies_pl)
  ; holds (@Correspondence.convex_smooth)
  ; holds (@Correspondence.interpolation)
  ; holds (@Correspondence.cocoercivity)
  ; holds (@Correspondence.gradient_step)
  ; holds (@Correspondence.bias_variance_and_young)
  ; holds (@Correspondence.bernoulli)
  ; holds (@Correspondence.round_to_nearest)
  ; holds (@Correspondence.round_toward_zero)
  ; holds (@Correspondence.stochastic_rounding)
  ; holds (@Correspondence.subnormal_rounding)
  ; holds (@Correspondence.effective_stepsize)
  ; holds (@Correspondence.shrunken_moments)
  ; holds (@Correspondence.one_step)
  ; holds (@Correspondence.one_step_small_stepsize)
  ; holds (@Correspondence.noise_decouples)
  ; holds (@Correspondence.one_step_distance)
  ; holds (@Correspondence.one_step_values)
  ; holds (@Correspondence.nonconvex_fixed_step)
  ; holds (@Correspondence.nonconvex_weighted)
  ; holds (@Correspondence.nonconvex_diminishing)
  ; holds (@Correspondence.nonconvex_scheduled)
  ; holds (@Correspondence.nonconvex_convergence)
  ; holds (@Correspondence.nonconvex_square_root_stepsizes)
  ; holds (@Correspondence.pl_scheduled)
  ; holds (@Correspondence.pl_predictable)
  ; holds (@Correspondence.pl_diminishing)
  ; holds (@Correspondence.convex_weighted_sum)
  ; holds (@Correspondence.convex_average)
  ; holds (@Correspondence.distance_scheduled)
  ; holds (@Correspondence.distance_closed_form)
  ; holds (@Correspondence.values_scheduled)
  ; holds (@Correspondence.distance_predictable)
  ; holds (@Correspondence.values_predictable)
  ; holds (@Correspondence.quadratic_lower_bound)
  ; holds (@Correspondence.additive_noise_raises_the_floor)
  ; holds (@Correspondence.pure_shrinkage_lowers_the_floor)
  ; holds (@Correspondence.matched_effective_stepsize)
  ; holds (@Correspondence.nonconvex_complexity)
  ; holds (@Correspondence.nonconvex_best_stepsize)
  ; holds (@Correspondence.pl_complexity)
  ; holds (@Correspondence.one_step_unbiased)
  ; holds (@Correspondence.nonconvex_unbiased)
  ; holds (@Correspondence.pl_unbiased)
  ; holds (@Correspondence.reduction)
  ; holds (@Correspondence.sector_from_coordinates)
  ; holds (@Correspondence.one_step_relative_absolute)
  ; holds (@Correspondence.one_step_relative)
  ; holds (@Correspondence.nonconvex_relative)
  ; holds (@Correspondence.pl_relative)
  ; holds (@Correspondence.nonconvex_sample_dependent)
  ; holds (@Correspondence.pl_sample_dependent)
  ; holds (@Correspondence.nonconvex_relative_absolute)
  ; holds (@Correspondence.pl_relative_absolute)
  ; holds (@Correspondence.nearest_nonconvex)
  ; holds (@Correspondence.nearest_pl)
  ; holds (@Correspondence.toward_zero_nonconvex)
  ; holds (@Correspondence.toward_zero_pl)
  ; holds (@Correspondence.stochastic_nonconvex)
  ; holds (@Correspondence.stochastic_pl) ].

(** Gradients, Frechet and not; convexity by chords; Cauchy-Schwarz; expectations; drift. *)
Definition definitions : list proved :=
  [ holds (@Vectors.cauchy_schwarz)
  ; holds (@Vectors.young)
  ; holds (@Vectors.inner_by_coordinates)
  ; holds (@Probability.E_bind)
  ; holds (@Probability.bias_variance)
  ; holds (@Process.E_run_S)
  ; holds (@Process.some_reachable)
  ; holds (@Smooth.frechet_gradient_is_gradient)
  ; holds (@Smooth.strongly_convex_of_chords)
  ; holds (@Foundations.smooth_gradient_is_frechet)
  ; holds (@Drift.drift_bounds_sum)
  ; holds (@Drift.envelope_bounds_mean)
  ; holds (@Drift.contraction_bounds_mean) ].

(** Theorems that only Coq has: limits, logarithmic complexity, the sign of A1. *)
Definition further_theorems : list proved :=
  [ holds (@Diminishing.nonconvex_limit)
  ; holds (@PolyakLojasiewicz.pl_complexity_logarithmic)
  ; holds (@Floors.additive_noise_raises_the_floor_iff) ].

(** C1, C2, and the bias floor. *)
Definition counterexamples : list proved :=
  [ holds (@Counterexamples.mean_of_gradient_is_downhill)
  ; holds (@Counterexamples.sample_dependent_shrinkage_fails)
  ; holds (@Counterexamples.far_out_is_an_instance)
  ; holds (@Counterexamples.no_schedule_exceeds_it)
  ; holds (@Counterexamples.predictable_exceeds_every_schedule)
  ; holds (@BiasFloor.lopsided_is_an_instance)
  ; holds (@BiasFloor.bias_floor_is_attained)
  ; holds (@BiasFloor.factor_is_a_function_of_the_sign) ].

(** R1 to R4 for Flocq's formats, and the end-to-end theorems on R^d. *)
Definition rounding : list proved :=
  [ holds (@Rounding.nearest_normal)
  ; holds (@Rounding.nearest_error)
  ; holds (@Rounding.toward_zero_normal)
  ; holds (@Rounding.toward_zero_sector)
  ; holds (@Rounding.stochastic_unbiased)
  ; holds (@Rounding.stochastic_variance)
  ; holds (@Rounding.stochastic_variance_normal)
  ; holds (@Rounding.nearest_subnormal)
  ; holds (@Rounding.toward_zero_subnormal)
  ; holds (@Rounding.stochastic_subnormal)
  ; holds (@Formats.format_nearest_nonconvex)
  ; holds (@Formats.format_nearest_pl)
  ; holds (@Formats.format_toward_zero_nonconvex)
  ; holds (@Formats.format_toward_zero_pl)
  ; holds (@Formats.format_stochastic_nonconvex)
  ; holds (@Formats.format_stochastic_pl) ].

(** The rules of the proof kernel, and its probability space. *)
Definition kernel_rules : list proved :=
  [ holds (@RuleCombine.combine_le)
  ; holds (@RuleCombine.combine_lt)
  ; holds (@RuleCombine.combine_eq)
  ; holds (@RuleCombine.combine_veq)
  ; holds (@Rules.assume)
  ; holds (@Rules.cut)
  ; holds (@Rules.specialise)
  ; holds (@Rules.generalise)
  ; holds (@Rules.instantiate)
  ; holds (@Rules.induct)
  ; holds (@Rules.cases)
  ; holds (@Rules.expect_le)
  ; holds (@Rules.expect_eq)
  ; holds (@Rules.expect_veq)
  ; holds (@Rules.expectation_is_linear)
  ; holds (@Rules.determined_factor_comes_out)
  ; holds (@Rules.determined_vector_comes_out)
  ; holds (@Rules.determined_is_its_expectation)
  ; holds (@Rules.tower)
  ; holds (@Rules.tower_of_vectors)
  ; holds (@Rules.what_is_determined)
  ; holds (@Rules.rewrite_scalars)
  ; holds (@Rules.rewrite_vectors)
  ; holds (@Rules.relations_are_respectful)
  ; holds (@Rules.extensional_constant)
  ; holds (@Rules.extensional_itself)
  ; holds (@Rules.extensional_pointwise)
  ; holds (@Rules.extensional_pointwise_2)
  ; holds (@Rules.extensional_CE)
  ; holds (@Rules.extensional_CM)
  ; holds (@Rules.unfold_sum_0)
  ; holds (@Rules.unfold_sum_S)
  ; holds (@Rules.unfold_prod_0)
  ; holds (@Rules.unfold_prod_S)
  ; holds (@Rules.unfold_power_0)
  ; holds (@Rules.unfold_power_S)
  ; holds (@Rules.unfold_max)
  ; holds (@Rules.unfold_number)
  ; holds (@Rules.unfold_sqrt)
  ; holds (@Rules.root)
  ; holds (@Rules.integrate)
  ; holds (@Rules.undetermined_factors_stay_inside)
  ; holds (@Rules.cases_needs_deterministic_sides)
  ; holds (@Agreement.past_agrees)
  ; holds (@Agreement.sample_agrees)
  ; holds (@Agreement.run_agrees) ].

(** Every bundle of hypotheses is inhabited. *)
Definition instances : list proved :=
  [ holds (@Inhabited.q_random_is_random)
  ; holds (@Inhabited.T1_applies)
  ; holds (@Inhabited.T1s_applies)
  ; holds (@Inhabited.T2_applies)
  ; holds (@Inhabited.T3_applies)
  ; holds (@Inhabited.T3p_applies)
  ; holds (@Inhabited.T3d_applies)
  ; holds (@Inhabited.T3e_applies)
  ; holds (@Inhabited.T3s_applies)
  ; holds (@Inhabited.T3pd_applies)
  ; holds (@Inhabited.T3ps_applies)
  ; holds (@Inhabited.T4_applies)
  ; holds (@Inhabited.T5p_applies)
  ; holds (@Inhabited.T5_applies)
  ; holds (@Inhabited.T2r_applies)
  ; holds (@Inhabited.LB_applies)
  ; holds (@InhabitedFormats.E1n_applies)
  ; holds (@InhabitedFormats.E1p_applies)
  ; holds (@InhabitedFormats.E2n_applies)
  ; holds (@InhabitedFormats.E2p_applies)
  ; holds (@InhabitedFormats.E3n_applies)
  ; holds (@InhabitedFormats.E3p_applies)
  ; holds (@BiasFloor.T7c_applies)
  ; holds (@BiasFloor.T7f_applies) ].

Goal True. idtac "printed_statements". Abort.
Print Assumptions printed_statements.
Goal True. idtac "definitions". Abort.
Print Assumptions definitions.
Goal True. idtac "further_theorems". Abort.
Print Assumptions further_theorems.
Goal True. idtac "counterexamples". Abort.
Print Assumptions counterexamples.
Goal True. idtac "rounding". Abort.
Print Assumptions rounding.
Goal True. idtac "kernel_rules". Abort.
Print Assumptions kernel_rules.
Goal True. idtac "instances". Abort.
Print Assumptions instances.
