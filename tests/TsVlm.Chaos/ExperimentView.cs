using System.Text.Json.Nodes;

namespace TsVlm.Chaos;

/// <summary>An experiment as the API shows it.</summary>
internal sealed class ExperimentView(JsonNode state)
{
    public int NumRuns => Runs.Count;

    public int NumSucceeded => Runs.Count(run => (bool)run!["succeeded"]!);

    public int NumStagesDone => Stages.Count(stage => (string)stage["status"]! == "done");

    public int NumStages => Stages.Count();

    /// <summary>Every run and the report have ended.</summary>
    public bool Ended => (bool)state["ended"]! && (string)state["report"]! is "done" or "failed";

    public string Report => (string)state["report"]!;

    public IEnumerable<JsonNode> Stages => Runs.SelectMany(run => run!["stages"]!.AsArray())!;

    /// <summary>Every run with how often its evaluation was begun.</summary>
    public IEnumerable<(string Id, int Attempts)> EvaluationAttempts =>
        from run in Runs
        from stage in run["stages"]!.AsArray()
        where (string)stage!["stage"]! == "evaluation"
        select ((string)run["id"]!, (int)stage["attempts"]!);

    /// <summary>Runs that did not succeed, with the reason.</summary>
    public IEnumerable<(string Run, string Stage, string Reason)> Failures =>
        from run in Runs
        where !(bool)run!["succeeded"]!
        from stage in run["stages"]!.AsArray()
        where (string)stage!["status"]! is not "done"
        select ((string)run["id"]!, (string)stage["stage"]!, $"{stage["status"]}: {stage["reason"]}");

    public string OpenStages() => string.Join("; ", Failures.Take(10));

    private JsonArray Runs => state["runs"]!.AsArray();
}
