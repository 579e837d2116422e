using TsVlm.Serving.Classification;

namespace TsVlm.Serving.Windows;

/// <summary>What is reported of a window.</summary>
/// <param name="Window">The window.</param>
/// <param name="Answer">What the model answers; null where all its values are missing.</param>
/// <param name="IsAbstained">Whether the highest probability is below the least confidence, or there is no answer.</param>
/// <param name="Alarms">What it did to the alarms.</param>
public sealed record WindowAnswer(StreamWindow Window, SeriesAnswer? Answer, bool IsAbstained, AlarmChange Alarms)
{
    /// <summary>The windows of a piece with the model's answers to those that have values.</summary>
    /// <param name="windows">The windows, in their order.</param>
    /// <param name="answers">An answer for each of them that has values, in their order.</param>
    /// <param name="minConfidence">Least confidence that is no abstention.</param>
    /// <param name="alarms">The alarms before the first of them.</param>
    public static (IReadOnlyList<WindowAnswer> Answers, AlarmState Next) Of(IReadOnlyList<StreamWindow> windows, IReadOnlyList<SeriesAnswer> answers,
        double minConfidence, AlarmState alarms)
    {
        var (told, next) = (new List<WindowAnswer>(windows.Count), 0);
        foreach (var window in windows)
        {
            var answer = window.HasValues ? answers[next++] : null;
            var isAbstained = answer is null || answer.Confidence < minConfidence;
            (var change, alarms) = alarms.Add(isAbstained ? null : answer!.Label);
            told.Add(new(window, answer, isAbstained, change));
        }
        return (told, alarms);
    }
}
