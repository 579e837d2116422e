namespace TsVlm.Data.Generators;

/// <summary>A seeded source of labelled series.</summary>
public sealed class SeriesGenerator
{
    private readonly Func<int, Random, TimeSeries> draw;

    /// <summary>Takes the classes and how one series of the class of that index is drawn.</summary>
    internal SeriesGenerator(string name, IReadOnlyList<string> classes, string source, Func<int, Random, TimeSeries> draw) =>
        (Name, Classes, Source, this.draw) = (name, classes, source, draw);

    /// <summary>What the data set is called.</summary>
    public string Name { get; }

    /// <summary>The classes, in words.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Where the definition is published.</summary>
    public string Source { get; }

    /// <summary>
    /// Draws series one by one as they are asked for, the same at every enumeration. Each run of as many series as there are classes
    /// holds every class once, in random order, so any number of series is balanced. A smaller count gives the first series of a larger
    /// one.
    /// </summary>
    public IEnumerable<LabelledSeries> Series(int count, int seed)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, Classes.Count)];
        for (var i = 0; i < count; i++)
        {
            if (i % order.Length == 0) random.Shuffle(order);
            var label = order[i % order.Length];
            yield return new LabelledSeries(draw(label, random), Classes[label]);
        }
    }

    /// <summary>Draws a data set: the first series are the training cases, the next the test cases.</summary>
    public Dataset Generate(int numTrain, int numTest, int seed)
    {
        List<LabelledSeries> series = [.. Series(numTrain + numTest, seed)];
        List<LabelledSeries> train = [.. series.Take(numTrain)], test = [.. series.Skip(numTrain)];
        return new Dataset(Name, Classes, train, test, [.. DatasetFindings.Of(Classes, train, test)]);
    }
}
