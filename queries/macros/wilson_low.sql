-- Lower end of the 95 % interval of a share (Wilson score): so many hits of so many trials. No trials: null.
create or replace macro wilson_low(hits, trials) as
case
    when trials > 0
        then greatest(
            (
                hits + 1.9207294103470627
                - 1.959963984540054 * sqrt(greatest(hits * (1 - hits / cast(trials as double)), 0) + 0.9603647051735313)
            ) / (trials + 3.8414588206941254),
            0
        )
end
