namespace TsVlm.Chaos;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    KillService,
    StopService,
    RestartBroker,
    KillBroker,
    KillStore,
    KillDatabase,
    DuplicateMessage,
    DelayMessage,
}

/// <summary>One fault of a sequence.</summary>
/// <param name="Number">Place in the sequence, from 1.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Target">The service or queue; empty for a server.</param>
/// <param name="Seconds">How long the service or server is away, or the message is held back.</param>
internal sealed record Fault(int Number, FaultKind Kind, string Target, double Seconds)
{
    public override string ToString() => FormattableString.Invariant($"{Number,3} {Kind} {Target} {Seconds:0.0} s");
}

/// <summary>A seeded sequence of faults: the same seed gives the same faults, targets and pauses, whatever the machine's speed.</summary>
internal static class FaultSequence
{
    private static readonly (FaultKind Kind, string Target)[] Deck =
    [
        (FaultKind.KillService, "trainer-1"), (FaultKind.KillService, "trainer-2"), (FaultKind.KillService, "evaluator-1"),
        (FaultKind.KillService, "evaluator-2"),
        (FaultKind.KillService, "datagen-1"), (FaultKind.KillService, "scenarios-1"), (FaultKind.StopService, "trainer-1"),
        (FaultKind.StopService, "evaluator-2"),
        (FaultKind.StopService, "scenarios-1"), (FaultKind.RestartBroker, ""), (FaultKind.KillBroker, ""), (FaultKind.KillStore, ""),
        (FaultKind.KillDatabase, ""),
        (FaultKind.DuplicateMessage, "train-model"), (FaultKind.DuplicateMessage, "evaluate-model"), (FaultKind.DuplicateMessage,
        "scenarios-events"),
        (FaultKind.DelayMessage, "train-model"), (FaultKind.DelayMessage, "evaluate-model"),
    ];

    /// <summary>Shuffled decks of all faults, one after another.</summary>
    public static IReadOnlyList<Fault> Of(int seed, int count)
    {
        var random = new Random(seed);
        var faults = new List<Fault>();
        while (faults.Count < count)
        {
            var deck = Deck.ToArray();
            random.Shuffle(deck);
            var first = faults.Count + 1;
            faults.AddRange(deck.Select((card, i) =>
                new Fault(first + i, card.Kind, card.Target, Math.Round(0.2 + 2 * random.NextDouble(), 1))));
        }
        return [.. faults.Take(count)];
    }
}
