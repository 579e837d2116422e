using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class CliquesTests
{
    [Fact]
    public void Neighbours_that_do_not_differ_share_a_bar() =>
        Assert.Equal([new(0, 1), new(2, 3)], Cliques(4, (0, 2), (0, 3), (1, 2), (1, 3)));

    [Fact]
    public void Bars_may_overlap_but_none_lies_inside_another() =>
        Assert.Equal([new(0, 2), new(1, 3)], Cliques(4, (0, 3)));

    [Fact]
    public void Classifiers_that_do_not_differ_share_one_bar() => Assert.Equal([new(0, 4)], Cliques(5));

    [Fact]
    public void Classifiers_that_all_differ_have_no_bar()
    {
        Assert.Empty(Cliques(3, (0, 1), (0, 2), (1, 2)));
        Assert.Empty(Cliques(1));
        Assert.Empty(Cliques(0));
    }

    [Fact]
    public void A_bar_ends_before_the_first_that_differs_from_any_under_it()
    {
        // Third and second differ although the first, ranked higher, does not differ from the third: no bar may hold both.
        Assert.Equal([new(0, 1), new(2, 3)], Cliques(4, (1, 2), (1, 3), (0, 3)));
    }

    [Fact]
    public void Under_every_bar_no_pair_differs_and_no_bar_could_be_longer()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var count = random.Next(1, 9);
            var pairs = Pairs(count).Where(_ => random.NextDouble() < 0.4).ToHashSet();
            bool Level(int first, int last) => !pairs.Any(p => p.Item1 >= first && p.Item2 <= last);
            var expected = Pairs(count).Where(p => Level(p.Item1, p.Item2)
                && (p.Item1 == 0 || !Level(p.Item1 - 1, p.Item2)) && (p.Item2 == count - 1 || !Level(p.Item1, p.Item2 + 1)))
                .Select(p => new Clique(p.Item1, p.Item2));
            Assert.Equal(expected, Clique.Of(count, (a, b) => pairs.Contains((a, b))));
        }
    }

    private static IEnumerable<(int, int)> Pairs(int count) =>
        from a in Enumerable.Range(0, count) from b in Enumerable.Range(a + 1, count - a - 1) select (a, b);

    private static IReadOnlyList<Clique> Cliques(int count, params (int, int)[] different) =>
        Clique.Of(count, (a, b) => different.Contains((a, b)));
}
