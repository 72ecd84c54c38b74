(** * Two rates from one step

    If E[F(w_{k+1}) | past] <= F(w_k) - (mu/2) kappa G_k + (mu/2) N at every step, mu, kappa > 0, then

      averaged  F >= F_inf:            (1/K) sum_{k<K} E G_k <= 2 Delta/(K mu kappa) + N/kappa;
      decaying  Polyak-Lojasiewicz, c > 0, c mu kappa <= 1:
                E F(w_K) - F_star <= B + (1 - c mu kappa)^K (gap - B),  B = N/(2 c kappa). *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Drift.
Open Scope R_scope.

Section Rates.
Context {V : Space} {P : Process} {F : Objective V} {c mu kappa N F_inf F_star : R}
        {w : History P -> V} {K : nat}.

Lemma bounded_in_mean (bounded_below : bounded_below F F_inf) : F_inf <= E_run K (fun h => F (w h)).
Proof. rewrite <- (E_run_const (P := P) K F_inf). apply E_run_monotone. intros. apply bounded_below.
Qed.

Hypothesis mu_positive : 0 < mu.
Hypothesis kappa_positive : 0 < kappa.
Hypothesis one_step : always h,
  E_past h (fun xi zeta => F (w (after h xi zeta)))
  <= F (w h) - mu / 2 * kappa * norm2 (grad F (w h)) + mu / 2 * N.

Theorem averaged (bounded_below : bounded_below F F_inf) (K_positive : 0 < INR K) :
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - F_inf) / (INR K * mu * kappa) + N / kappa.
Proof.
  assert (D := drift_bounds_sum (X := fun h => F (w h))
    (D := fun h => mu / 2 * kappa * norm2 (grad F (w h))) (B := fun _ => mu / 2 * N) one_step K).
  assert (B := bounded_in_mean bounded_below).
  rewrite (sum_ext K (fun k => E_run k (fun h => mu / 2 * kappa * _))
             (fun k => mu / 2 * kappa * E_run k (fun h => norm2 (grad F (w h))))) in D.
  2: intros; apply E_run_scale.
  rewrite (sum_ext K (fun k => E_run k (fun _ => _)) (fun _ => mu / 2 * N)) in D.
  2: intros; apply E_run_const.
  rewrite sum_scale, sum_const in D.
  set (S := sum K _) in *. set (X := E_run K _) in *.
  combine (2 / (INR K * mu * kappa) * (F (w start) + INR K * (mu / 2 * N) -
    (X + mu / 2 * kappa * S))
           + 2 / (INR K * mu * kappa) * (X - F_inf)).
Qed.

Theorem decaying (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c) (rate_nonnegative : c * mu * kappa <= 1) :
  E_run K (fun h => F (w h)) - F_star
  <= N / (2 * c * kappa) + (1 - c * mu * kappa) ^ K * (F (w start) - F_star - N / (2 * c * kappa)).
Proof.
  rewrite <- prod_const. set (B := N / (2 * c * kappa)).
  assert (D : E_run K (fun h => F (w h)) <= F_star + B
              + prod K (fun _ => 1 - c * mu * kappa) * (F (w start) - (F_star + B))); [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun _ => 1 - c * mu * kappa));
    [intros; lra|].
  intros h R. specialize (one_step h R). specialize (polyak_lojasiewicz (w h)). unfold B.
  set (F' := E_past h _) in *.
  combine ((F (w h) - mu / 2 * kappa * norm2 (grad F (w h)) + mu / 2 * N - F')
           + mu / 2 * kappa * (norm2 (grad F (w h)) - 2 * c * (F (w h) - F_star))).
Qed.
End Rates.
