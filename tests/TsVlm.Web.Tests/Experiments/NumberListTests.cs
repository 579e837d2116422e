using TsVlm.Web.Experiments;

namespace TsVlm.Web.Tests.Experiments;

public sealed class NumberListTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0..3", new[] { 0, 1, 2, 3 })]
    [InlineData(" 0, 2 5..6", new[] { 0, 2, 5, 6 })]
    public void Numbers_lists_and_ranges_are_read(string text, int[] expected) => Assert.Equal(expected, NumberList.Parse("seeds", text).Numbers);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("3..1")]
    [InlineData("0..999999")]
    [InlineData("1..2..3")]
    [InlineData("a")]
    [InlineData("99999999999")]
    public void A_text_that_is_no_list_of_numbers_is_refused_by_name(string text) =>
        Assert.StartsWith("seeds: expected", NumberList.Parse("seeds", text).Error);

    [Theory]
    [InlineData(new[] { 0 }, "0")]
    [InlineData(new[] { 2, 1, 0, 1 }, "0..2")]
    [InlineData(new[] { 5, 0 }, "0, 5")]
    public void Numbers_are_written_as_they_are_read(int[] numbers, string expected) => Assert.Equal(expected, NumberList.Text(numbers));
}
