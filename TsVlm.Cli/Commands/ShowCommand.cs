using System.CommandLine;
using System.Globalization;
using TsVlm.Cli.Display;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm show</c>: one sample as the model sees it, and what a trained model says to it.</summary>
internal static class ShowCommand
{
    private const int MaxClasses = 10;

    public static Command Create()
    {
        var dataset = new Argument<string>("DATASET") { Description = "Name of the data set." };
        var index = new Argument<int>("INDEX") { Description = "Number of the case: the training file's from 0, then the test file's." };
        var data = SharedOptions.Data();
        var scenarios = SharedOptions.Scenarios();
        var protocol = SharedOptions.Protocol();
        var model = SharedOptions.Model();
        var scenario = SharedOptions.Scenario();
        var checkpoint = SharedOptions.Checkpoint(
            "A run's folder: shows the sample as that run does, the probability of each class, and what the model says in its own words.");
        var output = new Option<string?>("--out") { HelpName = "FILE.png",
            Description = "Where the image goes; DATASET-INDEX.png where none is named." };
        var kind = SharedOptions.Setting<ImageKind>("--image-kind", "KIND", "Another kind of image than the scenario's");
        var views = SharedOptions.Setting<ImageViews>("--views", "VIEWS",
            "Other views of the series in a field-like image than the scenario's");
        var windows = SharedOptions.Setting<ImageWindows>("--windows", "WINDOWS",
            "Other windows of the series in a zoom mosaic than the scenario's");
        var command = new Command("show",
            "Writes the image and prints the prompt of one sample, so that a person can see what the model sees, and what it answers.\n\n"
            + "Examples:\n  tsvlm show CBF 3\n  tsvlm show GunPoint 60 --data archive --scenarios paper --scenario WITH_STATS_2048\n"
            + "  tsvlm show CBF 3 --image-kind scalogram --views series-difference-sum\n"
            + "  tsvlm show CBF 100 --checkpoint tsvlm-out/runs/CBF.official-0.s0.both.1a2b3c4d")
        {
            dataset, index, data, scenarios, scenario, protocol, model, kind, views, windows, checkpoint, output,
        };
        SharedOptions.RefuseBeside(command, checkpoint, scenarios, scenario, protocol, model, kind, views, windows);
        command.Run(async (parsed, cancellationToken) =>
        {
            var opened = new DatasetCatalog(parsed.GetValue(data)).Open(parsed.GetValue(dataset)!);
            var number = parsed.GetValue(index);
            if (number < 0 || number >= opened.Cases.Count)
                throw new DataException($"{opened.Name}: expected a case from 0 to {opened.Cases.Count - 1}, found {number}.");
            var image = parsed.GetValue(output) ?? $"{opened.Name}-{number}.png";
            if (parsed.GetValue(checkpoint) is { } run)
            {
                using var classifier =
                    Classifier.Open(await CheckpointLocation.Resolve(run, cancellationToken), ComputeDevice.Open("auto"),
                        Environment.ProcessorCount);
                ShowAnswered(opened, number, classifier, image, cancellationToken);
                return 0;
            }
            var chosen = GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)).Choose(parsed.GetValue(scenario));
            var drawn = chosen.Representation with
            {
                Image = parsed.GetValue(kind) ?? chosen.Representation.Image, Views = parsed.GetValue(views) ?? chosen.Representation.Views,
                Windows = parsed.GetValue(windows) ?? chosen.Representation.Windows,
            };
            chosen = (chosen with { Representation = drawn }).Canonical();
            var split = Splitter.Split(opened, parsed.GetValue(protocol)!, 0);
            var folder = ModelFolder.Open(parsed.GetValue(model)!);
            var making = new SampleMaking(opened, split, chosen.Representation, folder.Inputs, 0);
            Show(opened, number, chosen, folder, new SampleBuilder(making.Fitted, folder.Inputs), image);
            if (making.RationaleOf(number) is { } rationale)
                Console.WriteLine($"target to learn : {ShownTarget(opened, number, making.Fitted, folder, rationale)}");
            else if (chosen.Representation.Rationale is not null)
                Console.WriteLine("target to learn : none, for this is no training case; no rationale is ever written of it");
            return 0;
        });
        return command;
    }

    private static string ShownTarget(Dataset dataset, int index, FittedRepresentation fitted, ModelFolder model, string rationale)
    {
        var answer = new SampleBuilder(fitted, model.Inputs).Answers[dataset.Classes.ToList().IndexOf(dataset.Cases[index].Label)];
        return RationaleFormat.Of(fitted.Representation)!.Target(answer, rationale).Replace("\n", "\\n");
    }

    private static SampleInput Show(Dataset dataset, int index, Scenario scenario, ModelFolder model, SampleBuilder builder,
        string imagePath)
    {
        var (series, label) = dataset.Cases[index];
        // The control arm shows the image of another case; here that is the next one.
        var pictured = scenario.Representation.Arm is Arm.ShuffledImage ? dataset.Cases[(index + 1) % dataset.Cases.Count].Series : series;
        var input = builder.Build(series, pictured);
        var answer = builder.Answers[dataset.Classes.ToList().IndexOf(label)];

        Console.WriteLine(input.Prompt);
        Console.WriteLine();
        Console.WriteLine($"answer to learn : {answer}   (label {label}; the prompt above was built without it)");
        Console.WriteLine($"scenario        : {scenario.Name}");
        var numImages = input.Image is null ? 0 : input.Images.Count;
        var numImageTokens = numImages * model.Inputs.NumImageTokens / input.Images.PatchesPerToken;
        Console.WriteLine($"sequence        : {builder.CountTokens(input)} of {model.Inputs.ContextLength(scenario.Representation)} tokens, "
            + $"{numImageTokens} of them {(numImages > 1 ? $"of {numImages} images" : "the image's")}");
        Console.WriteLine($"downsampling    : {input.DownsamplingFactor} time steps a point, {series.Length} time steps, {series.NumChannels} channels");
        if (input.Image is not null) File.WriteAllBytes(imagePath, input.Image);
        var (width, height) = (model.Inputs.ImageSize * input.Images.NumWindows, model.Inputs.ImageSize * input.Images.NumChannels);
        Console.WriteLine(input.Image is null
            ? "image           : none in this scenario"
            : $"image           : {imagePath} ({SharedOptions.Name(scenario.Representation.Image)}, {width} x {height} pixels)");
        return input;
    }

    private static void ShowAnswered(Dataset dataset, int index, Classifier classifier, string imagePath,
        CancellationToken cancellationToken)
    {
        var run = classifier.Checkpoint.Run;
        if (!dataset.Classes.SequenceEqual(classifier.Classes))
            throw new DataException(
                $"{dataset.Name}: expected the classes that the run learnt on {run.Dataset.Name}, {string.Join(", ", classifier.Classes)}, "
                + $"found {string.Join(", ", dataset.Classes)}; name the data set of the run.");
        var input = Show(dataset, index, run.FineTuned!.Scenario, classifier.Checkpoint.Model, classifier.Samples, imagePath);
        var probabilities = classifier.Classify([input], cancellationToken)[0];
        var likeliest = probabilities.Select((probability, i) => (probability, name: classifier.Classes[i]))
            .OrderByDescending(p => p.probability).ToList();
        var said = classifier.Generate(input);
        var named = classifier.Samples.Answers.ToList().IndexOf(classifier.AnswerIn(said));

        Console.WriteLine();
        var recipe = run.FineTuned.Scenario.Recipe;
        var score = recipe.ReadOut is ReadOut.Answer ? $", scored by {SharedOptions.Name(recipe.ScoredBy)}" : "";
        Console.WriteLine($"read from       : {SharedOptions.Name(recipe.ReadOut)}{score}");
        var shown = likeliest.Take(MaxClasses).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.name} {p.probability:F3}"));
        var more = likeliest.Count > MaxClasses ? $", and {likeliest.Count - MaxClasses} less likely ones" : "";
        Console.WriteLine($"probabilities   : {string.Join(", ", shown)}{more}");
        var meaning = named < 0 ? "which is the answer of no class" : $"the answer of class {classifier.Classes[named]}";
        Console.WriteLine($"in its own words: '{said}', {meaning}");
    }
}
