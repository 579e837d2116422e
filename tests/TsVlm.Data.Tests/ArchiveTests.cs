using System.Globalization;
using TsVlm.Data.Canonical;
using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests;

public sealed class ArchiveTests
{
    [Fact]
    public void All_sets_of_the_archive_have_their_published_sizes()
    {
        var folder = TestFolders.ArchiveData();
        var rows = File.ReadLines(Path.Combine(folder, "datasets.csv")).Skip(1).Select(line => line.Split(',')).ToList();

        foreach (var row in rows)
        {
            var summary = DatasetSummary.Of(DatasetReader.Read(folder, row[0]));
            Assert.Equal(string.Join(',', row[..1].Concat(row[2..12])), string.Create(CultureInfo.InvariantCulture,
                $"{summary.Name},{summary.NumTrain},{summary.NumTest},{summary.NumChannels},{summary.MinLength},{summary.MaxLength},{summary.Classes.Count},{Math.Round(summary.LargestTrainShare, 3)},{summary.SmallestTrainClass},{(summary.EqualLength ? "true" : "false")},{summary.NumMissing}"));
        }
        Assert.Equal(rows.Select(row => row[0]).Order(StringComparer.Ordinal), DatasetReader.List(folder));
    }

    [Theory]
    [InlineData("tsv", "GunPoint")]
    [InlineData("tsv", "ECG200")]
    [InlineData("tsv", "Fungi")]
    [InlineData("tsv", "DodgerLoopDay")]
    [InlineData("tsv", "GestureMidAirD1")]
    [InlineData("txt", "Coffee")]
    [InlineData("txt", "GunPoint")]
    [InlineData("arff", "GunPoint")]
    [InlineData("arff", "ItalyPowerDemand")]
    [InlineData("arff", "BasicMotions")]
    [InlineData("arff", "PenDigits")]
    [InlineData("ts", "Coffee")]
    [InlineData("ts", "DodgerLoopDay")]
    [InlineData("ts", "RacketSports")]
    [InlineData("ts", "PickupGestureWiimoteZ")]
    [InlineData("ts", "JapaneseVowels")]
    public void Every_other_form_of_a_set_holds_the_same_cases(string format, string name)
    {
        var folder = TestFolders.ArchiveData();
        var expected = DatasetReader.Read(folder, name);

        var found = DatasetReader.Read(Path.Combine(folder, "formats", format), name);

        Assert.Equal(expected.NumOfficialTrain, found.NumOfficialTrain);
        Assert.Equal(expected.Cases.Count, found.Cases.Count);
        foreach (var (wanted, got) in expected.Cases.Zip(found.Cases))
        {
            // The old text files write labels as 1.0000000e+00.
            Assert.Equal(wanted.Label, format == "txt"
                ? double.Parse(got.Label, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : got.Label);
            AssertSameValues(wanted.Series, got.Series);
        }
    }

    [Theory]
    [InlineData("tsv", "GunPoint")]
    [InlineData("tsv", "ECG200")]
    [InlineData("arff", "GunPoint")]
    [InlineData("ts", "JapaneseVowels")]
    public void Forms_with_equal_text_have_an_equal_content_hash(string format, string name)
    {
        var folder = TestFolders.ArchiveData();

        Assert.Equal(
            DatasetFile.ContentHash(DatasetReader.Read(folder, name)),
            DatasetFile.ContentHash(DatasetReader.Read(Path.Combine(folder, "formats", format), name)));
    }

    [Theory]
    [InlineData("Worms", "10 test series also occur")]
    [InlineData("Worms", "23 training series repeat")]
    [InlineData("PLAID", "5 test series also occur")]
    [InlineData("ToeSegmentation1", "4 test series also occur")]
    [InlineData("Strawberry", "1 test series also occurs")]
    [InlineData("DodgerLoopDay", "337 of 45,504 values are missing")]
    [InlineData("Fungi", "18 classes have one training case")]
    [InlineData("Earthquakes", "Classes are imbalanced: the largest has 264 training cases (82%), the smallest 58.")]
    public void Known_oddities_are_reported(string name, string warning) =>
        Assert.Contains(DatasetReader.Read(TestFolders.ArchiveData(), name).Warnings,
            found => found.StartsWith(warning, StringComparison.Ordinal));

    [Fact]
    public void A_training_file_whose_test_file_could_not_be_had_is_read()
    {
        var dataset = DatasetReader.Read(Path.Combine(TestFolders.ArchiveData(), "train_only"), "ECG5000");

        Assert.Equal((500, 500), (dataset.NumOfficialTrain, dataset.Cases.Count));
    }

    [Fact]
    public void Labels_with_blanks_are_one_label()
    {
        var folder = Path.Combine(TestFolders.ArchiveData(), "formats", "derived");

        var dataset = DatasetReader.Read(folder, "ItalyPowerDemand_textlabels");

        Assert.Equal(["Oct to March", "April to September"], dataset.Classes);
        Assert.Equal(67, dataset.Cases.Count);
    }

    [Fact]
    public void Time_stamps_as_dates_are_read_over()
    {
        var dataset = DatasetReader.Read(Path.Combine(TestFolders.ArchiveData(), "formats", "ts"), "UnitTestTimeStamps");

        Assert.Equal([241.97, 241.75, 241.64, 241.71], dataset.Cases[0].Series.Channel(0).ToArray());
        Assert.Equal(["1", "1", "2", "2"], dataset.Cases.Select(c => c.Label));
    }

    [Fact]
    public void A_regression_file_is_refused()
    {
        var folder = Path.Combine(TestFolders.ArchiveData(), "formats", "ts");

        Assert.Equal("Covid3Month_TRAIN.ts(12): expected @classLabel, found @targetLabel. This is a regression file; only classification is supported.",
            Assert.Throws<DataException>(() => DatasetReader.Read(folder, "Covid3Month")).Message);
    }

    private static void AssertSameValues(TimeSeries expected, TimeSeries found)
    {
        Assert.Equal((expected.NumChannels, expected.Length), (found.NumChannels, found.Length));
        for (var channel = 0; channel < expected.NumChannels; channel++)
        {
            foreach (var (wanted, got) in expected.Channel(channel).ToArray().Zip(found.Channel(channel).ToArray()))
                Assert.True(wanted.Equals(got) || Math.Abs(wanted - got) <= 5e-7 * Math.Abs(wanted), $"expected {wanted:R}, found {got:R}");
        }
    }
}
