using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

public class MarkovTransitionFieldTests
{
    /// <summary>
    /// Of 1 4 2 3 5 1 the median is 2.5: bins 0 1 0 1 1 0, so 0 is followed by 1 twice of twice, and 1 by 0 in two of three steps.
    /// </summary>
    [Fact]
    public void Two_bins_give_the_field_worked_out_by_hand()
    {
        double[] values = [1, 4, 2, 3, 5, 1];
        int[] bins = [0, 1, 0, 1, 1, 0];
        Assert.Equal(bins, MarkovTransitionField.Bins(values, 2));
        var transitions = new[,] { { 0, 1 }, { 2 / 3.0, 1 / 3.0 } };
        GramianFieldTests.Equal(transitions, MarkovTransitionField.Transitions(bins, 2));
        var field = new double[6, 6];
        for (var i = 0; i < 6; i++)
            for (var j = 0; j < 6; j++) field[i, j] = transitions[bins[i], bins[j]];
        GramianFieldTests.Equal(field, MarkovTransitionField.Of(values, 6, 2));
    }

    /// <summary>The first two by two block holds W00 W01 / W10 W11 = 0, 1, 2/3, 1/3, whose mean is 1/2.</summary>
    [Fact]
    public void A_smaller_field_is_the_mean_of_blocks() =>
        Assert.Equal(0.5, MarkovTransitionField.Of([1, 4, 2, 3, 5, 1], 3, 2)[0, 0], 1e-12);

    /// <summary>Quartiles of 1 to 5 are 2, 3 and 4 themselves; a value on a border counts below it.</summary>
    [Fact]
    public void A_value_on_a_border_is_in_the_lower_bin() => Assert.Equal([0, 0, 1, 2, 3], MarkovTransitionField.Bins([1, 2, 3, 4, 5], 4));

    [Fact]
    public void Amplitude_and_offset_do_not_matter() =>
        GramianFieldTests.Equal(MarkovTransitionField.Of([1, 4, 2, 3, 5, 1], 6), MarkovTransitionField.Of([30, 60, 40, 50, 70, 30], 6));
}
