(** * Rounding a number between two neighbours: R1 to R4

    Between a number a of the format and the next one, a + h, whatever the format:

      R1  nearest, b a number of the format, b <= x, spacing 2 u b from b on:
            (Q - x)^2 <= (u/(1+u) x)^2
      R2  toward zero, b <= Q <= x < Q + 2 u b:
            1/(1+2u) < Q/x <= 1,  and  (Q - x/(1+2u)) (x - Q) >= 0
      R3  stochastic, Q = a + h B, B in {0, 1}, E B = (x - a)/h, h <= 2 u a:
            E Q = x,  E (Q - x)^2 = (x - a) (a + h - x) <= (h/2)^2 and <= u^2/(1+2u) x^2
      R4  the same with a constant spacing h, below the smallest normal number: errors at most
            h/2 (nearest), less than h (toward zero), variance at most (h/2)^2 (stochastic)

    Rounding.v shows that Flocq's formats are of this kind. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors Probability Process Combine.
Open Scope R_scope.

Section Deterministic.
Context {u b x Q : R}.

Theorem round_to_nearest
    (u_positive : 0 < u)
    (b_positive : 0 < b)
    (at_least_b : b <= x)
    (half_spacing : (Q - x) ^ 2 <= (u * b) ^ 2)
    (as_near_as_b : (Q - x) ^ 2 <= (x - b) ^ 2) :
  (Q - x) ^ 2 <= (u / (1 + u) * x) ^ 2.
Proof.
  assert (ub : 0 < u * b) by positive.
  assert (H1 : Rabs (Q - x) <= u * b).
  { rewrite <- (Rabs_pos_eq (u * b)) by lra. apply Rsqr_le_abs_0. unfold Rsqr. lra. }
  assert (H2 : Rabs (Q - x) <= x - b).
  { rewrite <- (Rabs_pos_eq (x - b)) by lra. apply Rsqr_le_abs_0. unfold Rsqr. lra. }
  assert (H3 : Rabs (Q - x) <= u / (1 + u) * x).
  { combine (1 / (1 + u) * (u * b - Rabs (Q - x)) + u / (1 + u) * (x - b - Rabs (Q - x))). }
  rewrite <- (pow2_abs (Q - x)). apply pow_incr. split; [apply Rabs_pos | exact H3].
Qed.

Theorem round_toward_zero
    (x_positive : 0 < x)
    (u_positive : 0 < u)
    (at_least_b : b <= Q)
    (at_most_x : Q <= x)
    (next_exceeds_x : x < Q + 2 * u * b) :
  Q / x <= 1
  /\ 0 <= (Q - 1 / (1 + 2 * u) * x) * (x - Q)
  /\ 1 / (1 + 2 * u) < Q / x.
Proof.
  assert (lower : 1 / (1 + 2 * u) * x < Q).
  { apply Rmult_lt_reg_l with (1 + 2 * u); [lra|].
    replace ((1 + 2 * u) * (1 / (1 + 2 * u) * x)) with x by (field; lra).
    assert (0 <= 2 * u * (Q - b)) by nonneg. lra. }
  split; [| split].
  - combine (1 / x * (x - Q)).
  - nonneg.
  - apply Rmult_lt_reg_r with x; [exact x_positive|].
    replace (Q / x * x) with Q by (field; lra). exact lower.
Qed.
End Deterministic.

Section Stochastic.
Context {P : Process} {u : R} {x a h : History P -> Sample P -> R}
        {B Q : History P -> Sample P -> Noise P -> R}.

Lemma E_sample_linear (H : History P) (xi : Sample P) (c d : R) (f : Noise P -> R) :
  E_sample H xi (fun zeta => c + d * f zeta) = c + d * E_sample H xi (fun zeta => f zeta).
Proof. unfold E_sample. now rewrite E_add, E_const, E_scale. Qed.

Theorem stochastic_rounding
    (spacing_positive : always k xi, 0 < h k xi)
    (indicator : always k xi zeta, B k xi zeta * (1 - B k xi zeta) = 0)
    (probability : always k xi, E_sample k xi (fun zeta => B k xi zeta) = (x k xi - a k xi) / h k xi)
    (rounded : always k xi zeta, Q k xi zeta = a k xi + h k xi * B k xi zeta)
    (relative_spacing : always k xi, h k xi <= 2 * u * a k xi)
    (u_positive : 0 < u) :
  (always k xi, E_sample k xi (fun zeta => Q k xi zeta) = x k xi)
  /\ (always k xi, E_sample k xi (fun zeta => (Q k xi zeta - x k xi) ^ 2)
                   = (x k xi - a k xi) * (a k xi + h k xi - x k xi))
  /\ (always k xi, E_sample k xi (fun zeta => (Q k xi zeta - x k xi) ^ 2) <= (h k xi / 2) ^ 2)
  /\ (always k xi, E_sample k xi (fun zeta => (Q k xi zeta - x k xi) ^ 2)
                   <= u ^ 2 / (1 + 2 * u) * x k xi ^ 2).
Proof.
  assert (moment : always k xi, E_sample k xi (fun zeta => (Q k xi zeta - x k xi) ^ 2)
                   = (x k xi - a k xi) * (a k xi + h k xi - x k xi)).
  { intros k xi R Hxi. assert (h0 := spacing_positive k xi R Hxi).
    transitivity (E_sample k xi (fun zeta =>
      (a k xi - x k xi) ^ 2 + (h k xi ^ 2 - 2 * h k xi * (x k xi - a k xi)) * B k xi zeta)).
    - apply E_equal. intros zeta Hz. rewrite (rounded k xi zeta R Hxi Hz).
      assert (I := indicator k xi zeta R Hxi Hz).
      apply Rminus_diag_uniq. transitivity (- h k xi ^ 2 * (B k xi zeta * (1 - B k xi zeta)));
        [ring|].
      rewrite I. ring.
    - rewrite E_sample_linear, (probability k xi R Hxi). field. lra. }
  split; [| split; [exact moment | split]]; intros k xi R Hxi;
    assert (h0 := spacing_positive k xi R Hxi).
  - transitivity (E_sample k xi (fun zeta => a k xi + h k xi * B k xi zeta)).
    + apply E_equal. intros zeta Hz. apply (rounded k xi zeta R Hxi Hz).
    + rewrite E_sample_linear, (probability k xi R Hxi). field. lra.
  - rewrite (moment k xi R Hxi). combine ((x k xi - a k xi - h k xi / 2) ^ 2).
  - rewrite (moment k xi R Hxi). assert (S := relative_spacing k xi R Hxi).
    assert (above : 0 <= (x k xi - a k xi) / h k xi).
    { rewrite <- (probability k xi R Hxi). apply E_nonneg. intros zeta Hz.
      assert (I := indicator k xi zeta R Hxi Hz).
      replace (B k xi zeta) with (B k xi zeta ^ 2 + B k xi zeta * (1 - B k xi zeta)) by ring.
      rewrite I, Rplus_0_r. apply pow2_ge_0. }
    assert (above' : 0 <= x k xi - a k xi).
    { replace (x k xi - a k xi) with ((x k xi - a k xi) / h k xi * h k xi) by (field; lra). nonneg.
      }
    combine ((x k xi - a k xi) * (2 * u * a k xi - h k xi)
             + 1 / (1 + 2 * u) * ((1 + u) * x k xi - (1 + 2 * u) * a k xi) ^ 2).
Qed.
End Stochastic.

Section Subnormal.
Context {P : Process} {h q_min : R} {x a N Z : History P -> Sample P -> R}
        {B Q : History P -> Sample P -> Noise P -> R}.

Theorem subnormal_rounding
    (h_positive : 0 < h)
    (at_least_a : always k xi, a k xi <= x k xi)
    (below_next : always k xi, x k xi < a k xi + h)
    (a_nonnegative : always k xi, 0 <= a k xi)
    (as_near_as_lower : always k xi, (N k xi - x k xi) ^ 2 <= (x k xi - a k xi) ^ 2)
    (as_near_as_upper : always k xi, (N k xi - x k xi) ^ 2 <= (a k xi + h - x k xi) ^ 2)
    (toward_zero : always k xi, Z k xi = a k xi)
    (q_min_nonnegative : 0 <= q_min)
    (q_min_at_most_1 : q_min <= 1)
    (indicator : always k xi zeta, B k xi zeta * (1 - B k xi zeta) = 0)
    (probability : always k xi, E_sample k xi (fun zeta => B k xi zeta) = (x k xi - a k xi) / h)
    (rounded : always k xi zeta, Q k xi zeta = a k xi + h * B k xi zeta) :
  (always k xi, (N k xi - x k xi) ^ 2 <= (h / 2) ^ 2)
  /\ (always k xi, x k xi - Z k xi < h)
  /\ (always k xi, - q_min * h ^ 2 <= (Z k xi - q_min * x k xi) * (x k xi - Z k xi))
  /\ (always k xi, E_sample k xi (fun zeta => (Q k xi zeta - x k xi) ^ 2) <= (h / 2) ^ 2).
Proof.
  split; [| split; [| split]]; intros k xi R Hxi; assert (lo := at_least_a k xi R Hxi);
    assert (hi := below_next k xi R Hxi); assert (a0 := a_nonnegative k xi R Hxi).
  - assert (n1 := as_near_as_lower k xi R Hxi). assert (n2 := as_near_as_upper k xi R Hxi).
    combine ((a k xi + h - x k xi) / h * ((x k xi - a k xi) ^ 2 - (N k xi - x k xi) ^ 2)
             + (x k xi - a k xi) / h * ((a k xi + h - x k xi) ^ 2 - (N k xi - x k xi) ^ 2)
             + (x k xi - a k xi - h / 2) ^ 2).
  - rewrite (toward_zero k xi R Hxi). lra.
  - rewrite (toward_zero k xi R Hxi).
    combine ((1 - q_min) * a k xi * (x k xi - a k xi)
      + q_min * (a k xi + h - x k xi) * (x k xi - a k xi)
             + q_min * (a k xi + h - x k xi) * h).
  - assert (S : E_sample k xi (fun zeta => (Q k xi zeta - x k xi) ^ 2)
                = (x k xi - a k xi) * (a k xi + h - x k xi)).
    { transitivity (E_sample k xi (fun zeta =>
        (a k xi - x k xi) ^ 2 + (h ^ 2 - 2 * h * (x k xi - a k xi)) * B k xi zeta)).
      - apply E_equal. intros zeta Hz. rewrite (rounded k xi zeta R Hxi Hz).
        assert (I := indicator k xi zeta R Hxi Hz).
        apply Rminus_diag_uniq. transitivity (- h ^ 2 * (B k xi zeta * (1 - B k xi zeta))); [ring|].
        rewrite I. ring.
      - rewrite E_sample_linear, (probability k xi R Hxi). field. lra. }
    rewrite S. combine ((x k xi - a k xi - h / 2) ^ 2).
Qed.
End Subnormal.
