using TsVlm.Data.Canonical;
using TsVlm.Data.Generators;

namespace TsVlm.Data.Tests.Generators;

public sealed class BuiltInDatasetsTests
{
    public static TheoryData<string> Names => [.. BuiltInDatasets.Names];

    // The table in the summary of BuiltInDatasets.
    [Theory]
    [InlineData("CBF", 198, 150, 128, 1, 3)]
    [InlineData("SyntheticControl", 198, 150, 60, 1, 6)]
    [InlineData("TwoPatterns", 200, 152, 128, 1, 4)]
    [InlineData("ShapeletSim", 200, 150, 500, 1, 2)]
    [InlineData("ArmMotions", 200, 152, 100, 3, 4)]
    public void Sizes_are_as_documented_and_classes_balanced(string name, int numTrain, int numTest, int length, int numChannels,
        int numClasses)
    {
        var summary = DatasetSummary.Of(BuiltInDatasets.Generate(name));

        Assert.Equal((numTrain, numTest, length, length, numChannels, numClasses),
            (summary.NumTrain, summary.NumTest, summary.MinLength, summary.MaxLength, summary.NumChannels, summary.Classes.Count));
        Assert.Equal(numTrain / numClasses, summary.SmallestTrainClass);
        Assert.Equal(1.0 / numClasses, summary.LargestTrainShare, 12);
        Assert.Empty(summary.Warnings);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_data_set_is_the_same_at_every_call_and_another_at_another_seed(string name)
    {
        var generator = BuiltInDatasets.Generator(name);

        Assert.Equal(DatasetFile.ContentHash(BuiltInDatasets.Generate(name)), DatasetFile.ContentHash(BuiltInDatasets.Generate(name)));
        Assert.NotEqual(DatasetFile.ContentHash(generator.Generate(12, 12, 1)), DatasetFile.ContentHash(generator.Generate(12, 12, 2)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Series_are_drawn_only_as_they_are_asked_for_and_do_not_depend_on_their_number(string name)
    {
        var generator = BuiltInDatasets.Generator(name);

        var first = generator.Series(int.MaxValue, seed: 5).Take(7).ToList();
        var few = generator.Series(7, seed: 5).ToList();

        Assert.Equal(few.Select(c => c.Label), first.Select(c => c.Label));
        Assert.Equal(few.Select(c => c.Series), first.Select(c => c.Series), new SeriesEquality());
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_lists_the_names() =>
        Assert.Equal("Built-in data sets: expected one of CBF, SyntheticControl, TwoPatterns, ShapeletSim, ArmMotions, found 'Unknown'. "
            + "Choose one of these.", Assert.Throws<DataException>(() => BuiltInDatasets.Generate("Unknown")).Message);
}
