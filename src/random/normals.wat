;; Rows of Philox4x32-10 words, or of the normals made of them, four blocks at a time.
;; Only operations with one permitted result are used (no relaxed SIMD, no fused multiply-add), so that every engine
;; and every machine gives the bits of the plain reference in test/random/reference.ts.
;;
;; Memory (one page of tables, then the callers' areas; the offsets are known to kernel.ts):
;;       0  round keys: ten words of key 0, at 64 ten words of key 1
;;     256  constants of Box-Muller, one vector each, written by $start
;;    1024  index of the sample in each row            (up to 4096 rows and 3 of slack)
;;   20480  step of each row                           (the same)
;;   40960  the output                                 (up to 16384 values and 16 of slack)
(module
  (memory (export "memory") 2)

  ;; Vectors are loaded, not written as v128.const: engines build a constant anew at each use.
  (func $start
    (v128.store offset=256 (i32.const 0) (v128.const f32x4 0.5 0.5 0.5 0.5))
    (v128.store offset=272 (i32.const 0) (v128.const f32x4 1 1 1 1))
    ;; bits of the square root of 1/2, with and without the 31 halvings that make u of the word
    (v128.store offset=288 (i32.const 0) (i32x4.splat (i32.const 0x4eb504f3)))
    (v128.store offset=304 (i32.const 0) (i32x4.splat (i32.const 0x3f3504f3)))
    (v128.store offset=320 (i32.const 0) (i32x4.splat (i32.const 0x007fffff)))
    ;; -2 ln 2 in two parts; the first has few enough bits for exact products with the exponent
    (v128.store offset=336 (i32.const 0) (f32x4.splat (f32.const -1.38629150390625)))
    (v128.store offset=352 (i32.const 0) (f32x4.splat (f32.const -2.857213530660374e-6)))
    ;; (-2 ln(1+f) + 2f - f^2) / f^3 for 1+f from sqrt(1/2) to sqrt(2)
    (v128.store offset=368 (i32.const 0) (f32x4.splat (f32.const -0.6666781902313232)))
    (v128.store offset=384 (i32.const 0) (f32x4.splat (f32.const 0.5000267624855042)))
    (v128.store offset=400 (i32.const 0) (f32x4.splat (f32.const -0.3992612659931183)))
    (v128.store offset=416 (i32.const 0) (f32x4.splat (f32.const 0.3315517008304596)))
    (v128.store offset=432 (i32.const 0) (f32x4.splat (f32.const -0.29829537868499756)))
    (v128.store offset=448 (i32.const 0) (f32x4.splat (f32.const 0.2853497266769409)))
    (v128.store offset=464 (i32.const 0) (f32x4.splat (f32.const -0.17400860786437988)))
    (v128.store offset=480 (i32.const 0) (f32x4.splat (f32.const 0x1p-31)))
    ;; sin(pi t / 4) / t, then cos(pi t / 4), in powers of t^2
    (v128.store offset=496 (i32.const 0) (f32x4.splat (f32.const 0.7853981852531433)))
    (v128.store offset=512 (i32.const 0) (f32x4.splat (f32.const -0.08074543625116348)))
    (v128.store offset=528 (i32.const 0) (f32x4.splat (f32.const 0.00249000103212893)))
    (v128.store offset=544 (i32.const 0) (f32x4.splat (f32.const -3.59504520019982e-5)))
    (v128.store offset=560 (i32.const 0) (f32x4.splat (f32.const -0.3084244132041931)))
    (v128.store offset=576 (i32.const 0) (f32x4.splat (f32.const 0.01585020124912262)))
    (v128.store offset=592 (i32.const 0) (f32x4.splat (f32.const -0.00031902003684081137)))
    (v128.store offset=608 (i32.const 0) (i32x4.splat (i32.const 0x80000000)))
    ;; multipliers of Philox
    (v128.store offset=624 (i32.const 0) (i32x4.splat (i32.const 0xd2511f53)))
    (v128.store offset=640 (i32.const 0) (i32x4.splat (i32.const 0xcd9e8d57))))
  (start $start)

  ;; Two normals of two words: z0 = r cos(a), z1 = r sin(a).
  (func $boxMuller (param $radius v128) (param $angle v128) (result v128 v128)
    (local $shifted v128) (local $f v128) (local $square v128) (local $exponent v128)
    (local $t v128) (local $sin v128) (local $cos v128) (local $swap v128)
    ;; u = (word/2 + 1/2) / 2^31 = 2^exponent (1 + f)
    (local.set $shifted (i32x4.sub
      (f32x4.add (f32x4.convert_i32x4_s (i32x4.shr_u (local.get $radius) (i32.const 1))) (v128.load offset=256 (i32.const 0)))
      (v128.load offset=288 (i32.const 0))))
    (local.set $exponent (f32x4.convert_i32x4_s (i32x4.shr_s (local.get $shifted) (i32.const 23))))
    (local.set $f (f32x4.sub
      (i32x4.add (v128.and (local.get $shifted) (v128.load offset=320 (i32.const 0))) (v128.load offset=304 (i32.const 0)))
      (v128.load offset=272 (i32.const 0))))
    (local.set $square (f32x4.mul (local.get $f) (local.get $f)))
    ;; r = sqrt(-2 ln u) with the sign of half a turn
    (local.set $radius
      (f32x4.add (f32x4.mul (v128.load offset=464 (i32.const 0)) (local.get $f)) (v128.load offset=448 (i32.const 0))))
    (local.set $radius (f32x4.add (f32x4.mul (local.get $radius) (local.get $f)) (v128.load offset=432 (i32.const 0))))
    (local.set $radius (f32x4.add (f32x4.mul (local.get $radius) (local.get $f)) (v128.load offset=416 (i32.const 0))))
    (local.set $radius (f32x4.add (f32x4.mul (local.get $radius) (local.get $f)) (v128.load offset=400 (i32.const 0))))
    (local.set $radius (f32x4.add (f32x4.mul (local.get $radius) (local.get $f)) (v128.load offset=384 (i32.const 0))))
    (local.set $radius (f32x4.add (f32x4.mul (local.get $radius) (local.get $f)) (v128.load offset=368 (i32.const 0))))
    (local.set $radius (f32x4.add
      (f32x4.mul (f32x4.mul (local.get $square) (local.get $f)) (local.get $radius))
      (f32x4.add (local.get $square) (f32x4.mul (local.get $exponent) (v128.load offset=352 (i32.const 0))))))
    (local.set $radius (f32x4.sub (local.get $radius) (f32x4.add (local.get $f) (local.get $f))))
    (local.set $radius (v128.xor
      (f32x4.sqrt (f32x4.add (local.get $radius) (f32x4.mul (local.get $exponent) (v128.load offset=336 (i32.const 0)))))
      (v128.and (local.get $angle) (v128.load offset=608 (i32.const 0)))))
    ;; a = pi t / 4, mirrored at the diagonal when bit 30 is set
    (local.set $t (f32x4.mul
      (f32x4.convert_i32x4_s (i32x4.shl (local.get $angle) (i32.const 2)))
      (v128.load offset=480 (i32.const 0))))
    (local.set $swap (i32x4.shr_s (i32x4.shl (local.get $angle) (i32.const 1)) (i32.const 31)))
    (local.set $square (f32x4.mul (local.get $t) (local.get $t)))
    (local.set $sin
      (f32x4.add (f32x4.mul (v128.load offset=544 (i32.const 0)) (local.get $square)) (v128.load offset=528 (i32.const 0))))
    (local.set $sin (f32x4.add (f32x4.mul (local.get $sin) (local.get $square)) (v128.load offset=512 (i32.const 0))))
    (local.set $sin (f32x4.add (f32x4.mul (local.get $sin) (local.get $square)) (v128.load offset=496 (i32.const 0))))
    (local.set $sin (f32x4.mul (local.get $sin) (local.get $t)))
    (local.set $cos
      (f32x4.add (f32x4.mul (v128.load offset=592 (i32.const 0)) (local.get $square)) (v128.load offset=576 (i32.const 0))))
    (local.set $cos (f32x4.add (f32x4.mul (local.get $cos) (local.get $square)) (v128.load offset=560 (i32.const 0))))
    (local.set $cos (f32x4.add (f32x4.mul (local.get $cos) (local.get $square)) (v128.load offset=272 (i32.const 0))))
    (f32x4.mul (local.get $radius) (v128.bitselect (local.get $sin) (local.get $cos) (local.get $swap)))
    (f32x4.mul (local.get $radius) (v128.bitselect (local.get $cos) (local.get $sin) (local.get $swap))))

  ;; The words at `area` that belong to four rows.
  (func $gather (param $area i32) (param $rows v128) (result v128)
    (local $at v128)
    (local.set $at (i32x4.add (i32x4.splat (local.get $area)) (i32x4.shl (local.get $rows) (i32.const 2))))
    (v128.load32_lane 3 (i32x4.extract_lane 3 (local.get $at))
      (v128.load32_lane 2 (i32x4.extract_lane 2 (local.get $at))
        (v128.load32_lane 1 (i32x4.extract_lane 1 (local.get $at))
          (v128.load32_zero (i32x4.extract_lane 0 (local.get $at)))))))

  (func $schedule (param $key0 i32) (param $key1 i32)
    (local $at i32)
    (loop $next
      (i32.store (local.get $at) (local.get $key0))
      (i32.store offset=64 (local.get $at) (local.get $key1))
      (local.set $key0 (i32.add (local.get $key0) (i32.const 0x9e3779b9)))
      (local.set $key1 (i32.add (local.get $key1) (i32.const 0xbb67ae85)))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 40)))))

  ;; Fills the output from block `first` of row 0 with `count` blocks, row after row of `size` values. Four blocks are
  ;; written at a time, whole and in order: what a block spills over the end of its row, the next row's block covers.
  (func (export "fill")
    (param $normal i32) (param $size i32) (param $first i32) (param $count i32)
    (param $key0 i32) (param $key1 i32) (param $sample i32) (param $step i32) (param $stream i32)
    (param $samples i32) (param $steps i32)
    (local $blocks i32) (local $at i32)
    (local $block v128) (local $row v128) (local $place v128) (local $mask v128)
    (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128)
    (local $even0 v128) (local $odd0 v128) (local $even1 v128) (local $odd1 v128)
    (call $schedule (local.get $key0) (local.get $key1))
    (local.set $blocks (i32.shr_u (i32.add (local.get $size) (i32.const 3)) (i32.const 2)))
    ;; the first four blocks, each a step of one from the last
    (local.set $block (i32x4.splat (local.get $first)))
    (local.set $row (i32x4.splat (i32.const 0)))
    (local.set $c0 (v128.const i32x4 0 -1 -1 -1))
    (loop $lane
      (local.set $block (i32x4.sub (local.get $block) (local.get $c0)))
      (local.set $mask (i32x4.eq (local.get $block) (i32x4.splat (local.get $blocks))))
      (local.set $block (v128.andnot (local.get $block) (local.get $mask)))
      (local.set $row (i32x4.sub (local.get $row) (local.get $mask)))
      (local.set $c0 (i8x16.shuffle 16 17 18 19 0 1 2 3 4 5 6 7 8 9 10 11 (local.get $c0) (v128.const i32x4 0 0 0 0)))
      (br_if $lane (v128.any_true (local.get $c0))))
    (loop $four
      (local.set $c0 (local.get $block))
      (local.set $c1 (i32x4.add (i32x4.splat (local.get $sample)) (local.get $row)))
      (if (local.get $samples) (then (local.set $c1 (call $gather (local.get $samples) (local.get $row)))))
      (local.set $c2 (i32x4.splat (local.get $step)))
      (if (local.get $steps) (then (local.set $c2 (call $gather (local.get $steps) (local.get $row)))))
      (local.set $c3 (i32x4.splat (local.get $stream)))
      (local.set $at (i32.const 0))
      (loop $round
        (local.set $even0 (i64x2.extmul_low_i32x4_u (local.get $c0) (v128.load offset=624 (i32.const 0))))
        (local.set $odd0 (i64x2.extmul_high_i32x4_u (local.get $c0) (v128.load offset=624 (i32.const 0))))
        (local.set $even1 (i64x2.extmul_low_i32x4_u (local.get $c2) (v128.load offset=640 (i32.const 0))))
        (local.set $odd1 (i64x2.extmul_high_i32x4_u (local.get $c2) (v128.load offset=640 (i32.const 0))))
        (local.set $c0 (v128.xor
          (v128.xor (local.get $c1) (v128.load32_splat (local.get $at)))
          (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $even1) (local.get $odd1))))
        (local.set $c1 (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $even1) (local.get $odd1)))
        (local.set $c2 (v128.xor
          (v128.xor (local.get $c3) (v128.load32_splat offset=64 (local.get $at)))
          (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $even0) (local.get $odd0))))
        (local.set $c3 (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $even0) (local.get $odd0)))
        (br_if $round (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 40))))
      (if (local.get $normal)
        (then
          (call $boxMuller (local.get $c0) (local.get $c1))
          (local.set $c1)
          (local.set $c0)
          (if (i32.gt_u (local.get $size) (i32.const 2))
            (then
              (call $boxMuller (local.get $c2) (local.get $c3))
              (local.set $c3)
              (local.set $c2)))))
      ;; transpose, so that each block is in one vector, and write
      (local.set $even0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c0) (local.get $c1)))
      (local.set $odd0 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c0) (local.get $c1)))
      (local.set $even1 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c2) (local.get $c3)))
      (local.set $odd1 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c2) (local.get $c3)))
      (local.set $place (i32x4.add
        (i32x4.mul (local.get $row) (i32x4.splat (i32.shl (local.get $size) (i32.const 2))))
        (i32x4.shl (i32x4.sub (local.get $block) (i32x4.splat (local.get $first))) (i32.const 4))))
      (v128.store offset=40960 (i32x4.extract_lane 0 (local.get $place))
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $even0) (local.get $even1)))
      (v128.store offset=40960 (i32x4.extract_lane 1 (local.get $place))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $even0) (local.get $even1)))
      (v128.store offset=40960 (i32x4.extract_lane 2 (local.get $place))
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $odd0) (local.get $odd1)))
      (v128.store offset=40960 (i32x4.extract_lane 3 (local.get $place))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $odd0) (local.get $odd1)))
      ;; four blocks on
      (local.set $block (i32x4.add (local.get $block) (i32x4.splat (i32.rem_u (i32.const 4) (local.get $blocks)))))
      (local.set $row (i32x4.add (local.get $row) (i32x4.splat (i32.div_u (i32.const 4) (local.get $blocks)))))
      (local.set $mask (i32x4.ge_u (local.get $block) (i32x4.splat (local.get $blocks))))
      (local.set $block (i32x4.sub (local.get $block) (v128.and (local.get $mask) (i32x4.splat (local.get $blocks)))))
      (local.set $row (i32x4.sub (local.get $row) (local.get $mask)))
      (br_if $four (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 4))) (i32.const 0))))))
