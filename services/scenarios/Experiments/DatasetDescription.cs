using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Experiments;

/// <summary>What a page tells of a data set and draws of its series, in as many columns of time as the page has pixels for.</summary>
internal static class DatasetDescription
{
    private const int MaxBins = 20;

    /// <summary>Sizes, lengths, missing values, and some classes with their means.</summary>
    /// <param name="opened">The data set.</param>
    /// <param name="classes">Which classes.</param>
    /// <param name="view">How much of the series is drawn.</param>
    public static DatasetDetails Of(OpenDataset opened, PageRequest classes, SeriesView view)
    {
        var (dataset, summary) = (opened.Dataset, DatasetSummary.Of(opened.Dataset));
        var steps = SeriesColumns.StepsPerColumn(summary.MaxLength, view.NumColumns);
        var cases = dataset.Cases.Index().ToLookup(c => c.Item.Label);
        return new(dataset.Name, opened.ContentHash, summary.NumTrain, summary.NumTest, summary.NumChannels, summary.MinLength,
            summary.MaxLength, opened.NumValues, summary.NumMissing, dataset.Cases.Count(c => c.Series.NumMissing > 0), dataset.Classes.Count,
            classes.Offset, [.. dataset.Classes.Index().Skip(classes.Offset).Take(classes.Limit)
                .Select(known => Of(dataset, known.Index, [.. cases[known.Item]], steps, view))],
            steps, view.FirstChannel, Lengths(dataset), summary.Warnings);
    }

    /// <summary>Some series of one class, or of all.</summary>
    public static Page<SeriesOutline> Series(Dataset dataset, Func<int, LabelledSeries, bool> isWanted, PageRequest page, SeriesView view)
    {
        var steps = SeriesColumns.StepsPerColumn(dataset.Cases.Max(c => c.Series.Length), view.NumColumns);
        var wanted = dataset.Cases.Index().Where(c => isWanted(c.Index, c.Item)).ToList();
        return new(wanted.Count, page.Offset,
            [.. wanted.Skip(page.Offset).Take(page.Limit).Select(c => Outline(dataset, c.Index, c.Item, steps, view))]);
    }

    private static SeriesOutline Outline(Dataset dataset, int number, LabelledSeries found, int steps, SeriesView view) => new(
        number, found.Label, number < dataset.NumOfficialTrain, found.Series.Length, found.Series.NumMissing, steps, view.FirstChannel,
        [.. view.Channels(found.Series.NumChannels).Select(channel =>
        {
            var (low, high) = SeriesColumns.Extremes(found.Series.Channel(channel), steps);
            return new ChannelExtremes(low, high);
        })]);

    private static ClassDetails Of(Dataset dataset, int place, List<(int Index, LabelledSeries Item)> cases, int steps, SeriesView view)
    {
        List<TimeSeries> series = [.. cases.Select(c => c.Item.Series)];
        var numTrain = cases.Count(c => c.Index < dataset.NumOfficialTrain);
        return new(dataset.Classes[place], dataset.ClassTexts?[place], numTrain, cases.Count - numTrain,
            series.Select(one => one.Length).DefaultIfEmpty(0).Min(), series.Select(one => one.Length).DefaultIfEmpty(0).Max(),
            series.Sum(one => (long)one.NumMissing),
            [.. view.Channels(series.Select(one => one.NumChannels).DefaultIfEmpty(0).Max()).Select(channel =>
            {
                var (mean, deviation) = SeriesColumns.Means(series, channel, steps);
                return new ChannelMeans(mean, deviation);
            })]);
    }

    private static IReadOnlyList<LengthBin> Lengths(Dataset dataset)
    {
        var (min, max) = (dataset.Cases.Min(c => c.Series.Length), dataset.Cases.Max(c => c.Series.Length));
        var width = SeriesColumns.StepsPerColumn(max - min + 1, MaxBins);
        var counts = dataset.Cases.CountBy(c => (c.Series.Length - min) / width).ToDictionary();
        return [.. Enumerable.Range(0, ((max - min) / width) + 1).Select(bin => new LengthBin(
            min + (bin * width), Math.Min(max, min + (bin * width) + width - 1), counts.GetValueOrDefault(bin)))];
    }
}

/// <summary>How much of a series is drawn.</summary>
/// <param name="NumColumns">Most columns of time.</param>
/// <param name="FirstChannel">The first channel, from 0.</param>
/// <param name="MaxChannels">Most channels.</param>
internal sealed record SeriesView(int NumColumns, int FirstChannel, int MaxChannels)
{
    /// <summary>The channels that are drawn of those there are.</summary>
    public IEnumerable<int> Channels(int numChannels) =>
        Enumerable.Range(FirstChannel, Math.Clamp(numChannels - FirstChannel, 0, MaxChannels));
}
