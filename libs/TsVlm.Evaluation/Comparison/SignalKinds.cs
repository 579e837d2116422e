using TsVlm.Data;
using TsVlm.Data.Readers;

namespace TsVlm.Evaluation.Comparison;

/// <summary>Which data set holds which kind of signal: a fact that no file of series tells.</summary>
public static class SignalKinds
{
    // The type that the archives' own lists give (Dau et al. 2019, UCR; Bagnall et al. 2018, UEA), even where it surprises: Car and Plane
    // are outlines, called sensor there. Motion and trajectory are one kind here; so are ECG, EOG, HRM, EPG, EEG and hemodynamics; traffic
    // and power count as sensor. Crop is called an image there, but is what a satellite measured of one place over time.
    private static readonly (SignalKind Kind, string Names)[] OfArchives =
    [
        (SignalKind.Physiology, """
            ECG200 ECG5000 ECGFiveDays NonInvasiveFetalECGThorax1 NonInvasiveFetalECGThorax2 TwoLeadECG EOGHorizontalSignal EOGVerticalSignal Fungi InsectEPGRegularTrain
            InsectEPGSmallTrain PigAirwayPressure PigArtPressure PigCVP AtrialFibrillation StandWalkJump FaceDetection FingerMovements HandMovementDirection MotorImagery
            SelfRegulationSCP1 SelfRegulationSCP2
            """),
        (SignalKind.Motion, """
            CricketX CricketY CricketZ GunPoint GunPointAgeSpan GunPointMaleVersusFemale GunPointOldVersusYoung Haptics InlineSkate ToeSegmentation1 ToeSegmentation2
            UWaveGestureLibraryAll UWaveGestureLibraryX UWaveGestureLibraryY UWaveGestureLibraryZ Worms WormsTwoClass GestureMidAirD1 GestureMidAirD2 GestureMidAirD3
            ArticularyWordRecognition BasicMotions CharacterTrajectories Cricket ERing Epilepsy Handwriting Libras NATOPS PenDigits RacketSports UWaveGestureLibrary
            """),
        (SignalKind.Sensor, """
            AllGestureWiimoteX AllGestureWiimoteY AllGestureWiimoteZ Car Chinatown ChlorineConcentration CinCECGTorso Crop DodgerLoopDay DodgerLoopGame DodgerLoopWeekend
            Earthquakes FordA FordB FreezerRegularTrain FreezerSmallTrain GesturePebbleZ1 GesturePebbleZ2 InsectWingbeatSound ItalyPowerDemand Lightning2 Lightning7
            MelbournePedestrian MoteStrain Phoneme PickupGestureWiimoteZ Plane PowerCons ShakeGestureWiimoteZ SonyAIBORobotSurface1 SonyAIBORobotSurface2 StarLightCurves
            Trace Wafer LSST PEMS-SF
            """),
        (SignalKind.Device, "ACSF1 Computers ElectricDevices HouseTwenty LargeKitchenAppliances PLAID RefrigerationDevices ScreenType SmallKitchenAppliances"),
        (SignalKind.Audio, "DuckDuckGeese Heartbeat InsectWingbeat JapaneseVowels PhonemeSpectra SpokenArabicDigits"),
        (SignalKind.Outline, """
            Adiac ArrowHead BeetleFly BirdChicken DiatomSizeReduction DistalPhalanxOutlineAgeGroup DistalPhalanxOutlineCorrect DistalPhalanxTW FaceAll FaceFour FacesUCR
            FiftyWords Fish HandOutlines Herring MedicalImages MiddlePhalanxOutlineAgeGroup MiddlePhalanxOutlineCorrect MiddlePhalanxTW MixedShapesRegularTrain
            MixedShapesSmallTrain OSULeaf PhalangesOutlinesCorrect ProximalPhalanxOutlineAgeGroup ProximalPhalanxOutlineCorrect ProximalPhalanxTW ShapesAll SwedishLeaf
            Symbols WordSynonyms Yoga
            """),
        (SignalKind.Spectrum,
        "Beef Coffee EthanolLevel Ham Meat OliveOil Rock SemgHandGenderCh2 SemgHandMovementCh2 SemgHandSubjectCh2 Strawberry Wine EthanolConcentration"),
        (SignalKind.Simulated, "ArmMotions BME CBF Mallat ShapeletSim SmoothSubspace SyntheticControl TwoPatterns UMD"),
    ];

    /// <summary>The kinds of the archives' data sets and of the built-in ones, by name.</summary>
    public static IReadOnlyDictionary<string, SignalKind> Known { get; } =
        OfArchives.SelectMany(
            group => group.Names.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), (group, name) => (name, group.Kind))
            .ToDictionary();

    /// <summary>The known kinds with those of a table, columns dataset and kind, which come first.</summary>
    /// <exception cref="DataException">No such file, a kind that is none, or a data set that is there twice.</exception>
    public static IReadOnlyDictionary<string, SignalKind> With(string path)
    {
        var own = new Dictionary<string, SignalKind>();
        foreach (var row in CsvTable.Read(path, "dataset", "kind"))
        {
            var text = row.Text("kind");
            if (!Enum.GetNames<SignalKind>().Contains(text, StringComparer.OrdinalIgnoreCase))
                throw new DataException(
                    $"{row.Place}: expected a kind of signal ({string.Join(", ", Enum.GetNames<SignalKind>()).ToLowerInvariant()}), found '{text}'.");
            if (!own.TryAdd(row.Text("dataset"), Enum.Parse<SignalKind>(text, ignoreCase: true)))
                throw new DataException($"{row.Place}: expected each data set once, found {row.Text("dataset")} again. Take one line out.");
        }
        return Known.Where(known => !own.ContainsKey(known.Key)).Concat(own).ToDictionary();
    }

    /// <summary>Whether the series runs over time, over space or wavelength, or is simulated: 0, 1 or 2.</summary>
    internal static int AxisOf(SignalKind kind) =>
        kind switch { SignalKind.Outline or SignalKind.Spectrum => 1, SignalKind.Simulated => 2, _ => 0 };
}
