(** * Correspondence: the printed statements hold

    Statements.v is generated from the statements of the Python library: those that are derived,
    tested and typeset there.  Each of them is closed here by the theorem of this development, whose
    hypotheses it has under the same names.  What remains to be seen is that the two say the same up
    to definitions ([by_theorem]). *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Smooth.
From Shrinkproof Require Convex Diminishing Distance EndToEnd Floors Foundations GradientStep Nonconvex OneStep PolyakLojasiewicz Quantized QuantizedRates RoundingCells Sgd Values Statements.
Open Scope R_scope.

(** The theorem, each of its hypotheses being one of the statement's. *)
Ltac hypothesis := multimatch goal with H : _ |- _ => exact H end.
Ltac by_theorem t := repeat intro; once (solve [eapply t; hypothesis]).

Theorem descent_lemma : Statements.descent_lemma.
Proof. by_theorem @Foundations.descent_lemma. Qed.

Theorem gradient_bound : Statements.gradient_bound.
Proof. by_theorem @Foundations.gradient_bound. Qed.

Theorem strong_convexity_implies_pl : Statements.strong_convexity_implies_pl.
Proof. by_theorem @Foundations.strong_convexity_implies_pl. Qed.

Theorem convex_smooth : Statements.convex_smooth.
Proof. by_theorem @Foundations.convex_smooth. Qed.

Theorem interpolation : Statements.interpolation.
Proof. by_theorem @Foundations.interpolation. Qed.

Theorem cocoercivity : Statements.cocoercivity.
Proof. by_theorem @Foundations.cocoercivity. Qed.

Theorem gradient_step : Statements.gradient_step.
Proof. by_theorem @GradientStep.gradient_step. Qed.

Theorem bias_variance_and_young : Statements.bias_variance_and_young.
Proof. by_theorem @Sgd.bias_variance_and_young. Qed.

Theorem bernoulli : Statements.bernoulli.
Proof. by_theorem @PolyakLojasiewicz.bernoulli. Qed.

Theorem round_to_nearest : Statements.round_to_nearest.
Proof. by_theorem @RoundingCells.round_to_nearest. Qed.

Theorem round_toward_zero : Statements.round_toward_zero.
Proof. by_theorem @RoundingCells.round_toward_zero. Qed.

Theorem stochastic_rounding : Statements.stochastic_rounding.
Proof. by_theorem @RoundingCells.stochastic_rounding. Qed.

Theorem subnormal_rounding : Statements.subnormal_rounding.
Proof. by_theorem @RoundingCells.subnormal_rounding. Qed.

Theorem effective_stepsize : Statements.effective_stepsize.
Proof. by_theorem @Sgd.effective_stepsize. Qed.

Theorem shrunken_moments : Statements.shrunken_moments.
Proof. by_theorem @Sgd.shrunken_moments. Qed.

Theorem one_step : Statements.one_step.
Proof. by_theorem @OneStep.one_step. Qed.

Theorem one_step_small_stepsize : Statements.one_step_small_stepsize.
Proof. by_theorem @OneStep.one_step_small_stepsize. Qed.

Theorem noise_decouples : Statements.noise_decouples.
Proof. by_theorem @OneStep.noise_decouples. Qed.

Theorem one_step_distance : Statements.one_step_distance.
Proof. by_theorem @OneStep.one_step_distance. Qed.

Theorem one_step_values : Statements.one_step_values.
Proof. by_theorem @OneStep.one_step_values. Qed.

Theorem nonconvex_fixed_step : Statements.nonconvex_fixed_step.
Proof. by_theorem @Nonconvex.nonconvex_fixed_step. Qed.

Theorem nonconvex_weighted : Statements.nonconvex_weighted.
Proof. by_theorem @Nonconvex.nonconvex_weighted. Qed.

Theorem nonconvex_diminishing : Statements.nonconvex_diminishing.
Proof. by_theorem @Diminishing.nonconvex_diminishing. Qed.

Theorem nonconvex_scheduled : Statements.nonconvex_scheduled.
Proof. by_theorem @Diminishing.nonconvex_scheduled. Qed.

Theorem nonconvex_convergence : Statements.nonconvex_convergence.
Proof. by_theorem @Diminishing.nonconvex_convergence. Qed.

Theorem nonconvex_square_root_stepsizes : Statements.nonconvex_square_root_stepsizes.
Proof. by_theorem @Diminishing.nonconvex_square_root_stepsizes. Qed.

Theorem pl_scheduled : Statements.pl_scheduled.
Proof. by_theorem @PolyakLojasiewicz.pl_scheduled. Qed.

Theorem pl_predictable : Statements.pl_predictable.
Proof. by_theorem @PolyakLojasiewicz.pl_predictable. Qed.

Theorem pl_diminishing : Statements.pl_diminishing.
Proof. by_theorem @Diminishing.pl_diminishing. Qed.

Theorem convex_weighted_sum : Statements.convex_weighted_sum.
Proof. by_theorem @Convex.convex_weighted_sum. Qed.

Theorem convex_average : Statements.convex_average.
Proof. by_theorem @Convex.convex_average. Qed.

Theorem distance_scheduled : Statements.distance_scheduled.
Proof. by_theorem @Distance.distance_scheduled. Qed.

Theorem distance_closed_form : Statements.distance_closed_form.
Proof. by_theorem @Distance.distance_closed_form. Qed.

Theorem values_scheduled : Statements.values_scheduled.
Proof. by_theorem @Values.values_scheduled. Qed.

Theorem distance_predictable : Statements.distance_predictable.
Proof. by_theorem @Distance.distance_predictable. Qed.

Theorem values_predictable : Statements.values_predictable.
Proof. by_theorem @Values.values_predictable. Qed.

Theorem quadratic_lower_bound : Statements.quadratic_lower_bound.
Proof. by_theorem @Distance.quadratic_lower_bound. Qed.

Theorem additive_noise_raises_the_floor : Statements.additive_noise_raises_the_floor.
Proof. by_theorem @Floors.additive_noise_raises_the_floor. Qed.

Theorem pure_shrinkage_lowers_the_floor : Statements.pure_shrinkage_lowers_the_floor.
Proof. by_theorem @Floors.pure_shrinkage_lowers_the_floor. Qed.

Theorem matched_effective_stepsize : Statements.matched_effective_stepsize.
Proof. by_theorem @Floors.matched_effective_stepsize. Qed.

Theorem nonconvex_complexity : Statements.nonconvex_complexity.
Proof. by_theorem @Nonconvex.nonconvex_complexity. Qed.

Theorem nonconvex_best_stepsize : Statements.nonconvex_best_stepsize.
Proof. by_theorem @Nonconvex.nonconvex_best_stepsize. Qed.

Theorem pl_complexity : Statements.pl_complexity.
Proof. by_theorem @PolyakLojasiewicz.pl_complexity. Qed.

Theorem one_step_unbiased : Statements.one_step_unbiased.
Proof. by_theorem @Quantized.one_step_unbiased. Qed.

Theorem nonconvex_unbiased : Statements.nonconvex_unbiased.
Proof. by_theorem @QuantizedRates.nonconvex_unbiased. Qed.

Theorem pl_unbiased : Statements.pl_unbiased.
Proof. by_theorem @QuantizedRates.pl_unbiased. Qed.

Theorem reduction : Statements.reduction.
Proof. by_theorem @Quantized.reduction. Qed.

Theorem sector_from_coordinates : Statements.sector_from_coordinates.
Proof. by_theorem @Quantized.sector_from_coordinates. Qed.

Theorem one_step_relative_absolute : Statements.one_step_relative_absolute.
Proof. by_theorem @Quantized.one_step_relative_absolute. Qed.

Theorem one_step_relative : Statements.one_step_relative.
Proof. by_theorem @Quantized.one_step_relative. Qed.

Theorem nonconvex_relative : Statements.nonconvex_relative.
Proof. by_theorem @QuantizedRates.nonconvex_relative. Qed.

Theorem pl_relative : Statements.pl_relative.
Proof. by_theorem @QuantizedRates.pl_relative. Qed.

Theorem nonconvex_sample_dependent : Statements.nonconvex_sample_dependent.
Proof. by_theorem @QuantizedRates.nonconvex_sample_dependent. Qed.

Theorem pl_sample_dependent : Statements.pl_sample_dependent.
Proof. by_theorem @QuantizedRates.pl_sample_dependent. Qed.

Theorem nonconvex_relative_absolute : Statements.nonconvex_relative_absolute.
Proof. by_theorem @QuantizedRates.nonconvex_relative_absolute. Qed.

Theorem pl_relative_absolute : Statements.pl_relative_absolute.
Proof. by_theorem @QuantizedRates.pl_relative_absolute. Qed.

Theorem nearest_nonconvex : Statements.nearest_nonconvex.
Proof. by_theorem @EndToEnd.nearest_nonconvex. Qed.

Theorem nearest_pl : Statements.nearest_pl.
Proof. by_theorem @EndToEnd.nearest_pl. Qed.

Theorem toward_zero_nonconvex : Statements.toward_zero_nonconvex.
Proof. by_theorem @EndToEnd.toward_zero_nonconvex. Qed.

Theorem toward_zero_pl : Statements.toward_zero_pl.
Proof. by_theorem @EndToEnd.toward_zero_pl. Qed.

Theorem stochastic_nonconvex : Statements.stochastic_nonconvex.
Proof. by_theorem @EndToEnd.stochastic_nonconvex. Qed.

Theorem stochastic_pl : Statements.stochastic_pl.
Proof. by_theorem @EndToEnd.stochastic_pl. Qed.

